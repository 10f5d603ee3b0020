package store

// SwapMark changes a mark of the house from one value to another, for exactly
// one caller. Errors: ErrNotFound when it does not have the old value.
func (tx *Tx) SwapMark(key, from, to string) error {
	_, err := tx.q.MarkSwap(tx.ctx, key, from, to)
	return err
}

// MoveMark changes a mark that was read before. When somebody else has changed it
// since the transaction is run anew.
func (tx *Tx) MoveMark(key, from, to string) error { return stale(tx.SwapMark(key, from, to)) }

// FirstMark sets a mark that is not set yet. When somebody else sets it at the
// same moment the transaction is run anew.
func (tx *Tx) FirstMark(key, value string) error {
	_, err := tx.fenced.MarkFirst(tx.ctx, key, value)
	return stale(err)
}
