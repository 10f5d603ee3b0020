package store

import (
	"encoding/json"
	"sync"
)

// memo remembers what texts of JSON say, so that the same text is not read
// twice: what was agreed on is read with each move of its order, a gig with each
// order of it. What it returns is shared, nobody may write into it; the rules
// never do.
type memo[T any] struct {
	mu         sync.Mutex
	young, old map[string]T
}

// memoSize is how many texts a generation holds. When the young one is full, it
// becomes the old one, and what nobody asked for meanwhile is forgotten.
const memoSize = 1024

func (m *memo[T]) read(text string) (T, error) {
	if v, ok := m.find(text); ok {
		return v, nil
	}
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return v, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep(text, v)
	return v, nil
}

// write remembers what a text says before anybody has read it.
func (m *memo[T]) write(text string, v T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep(text, v)
}

func (m *memo[T]) find(text string) (v T, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok = m.young[text]; ok {
		return v, true
	}
	if v, ok = m.old[text]; ok {
		m.keep(text, v)
	}
	return v, ok
}

func (m *memo[T]) keep(text string, v T) {
	if len(m.young) >= memoSize {
		m.old, m.young = m.young, nil
	}
	if m.young == nil {
		m.young = make(map[string]T)
	}
	m.young[text] = v
}
