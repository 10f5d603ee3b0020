package kit

import "hash/fnv"

// Tone is what a colour means. It always goes with a word or an icon.
type Tone string

// The closed list of tones.
const (
	Neutral Tone = "neutral"
	Good    Tone = "good"
	Warn    Tone = "warn"
	Bad     Tone = "bad"
	Brass   Tone = "brass" // levels and standing
	Lapis   Tone = "lapis" // what the reader can do
)

func (t Tone) class() string {
	if t == "" {
		t = Neutral
	}
	return "tone-" + string(t)
}

func (t Tone) icon() string {
	switch t {
	case Good:
		return "circle-check"
	case Warn:
		return "triangle-alert"
	case Bad:
		return "circle-x"
	case Brass:
		return "medal"
	default:
		return "info"
	}
}

// drawn picks one of n for a name, the same each time.
func drawn(seed string, n uint32) uint32 {
	h := fnv.New32a()
	h.Write([]byte(seed))
	// The low bits of FNV repeat for alike names; the high ones do not.
	sum := h.Sum32()
	return (sum ^ sum>>15) % n
}
