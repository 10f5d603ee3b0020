package store

import "time"

// Instants are stored as microseconds since 1970 in UTC. The zero time has no
// number: a column that may lack an instant is NULL then.

// micros returns t as it is stored. It panics on the zero time, which belongs
// into a nullable column; see microsOrNull.
func micros(t time.Time) int64 {
	if t.IsZero() {
		panic("store: the zero time cannot be stored in a column that needs an instant")
	}
	return t.UnixMicro()
}

// fromMicros is the inverse of micros.
func fromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }

// microsOrNull returns nil for the zero time.
func microsOrNull(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	us := t.UnixMicro()
	return &us
}

// fromMicrosOrNull returns the zero time for nil.
func fromMicrosOrNull(us *int64) time.Time {
	if us == nil {
		return time.Time{}
	}
	return fromMicros(*us)
}

// lastID sorts behind every id of a noun.
func lastID(noun string) string { return noun + "_zzzzzzzzzzzzzzzzzzzzzzzzzz" }
