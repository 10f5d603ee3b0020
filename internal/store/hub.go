package store

import (
	"context"
	"sync"
)

// hub carries topics from committed transactions to the listeners of this
// process. A slow listener delays nobody: what comes meanwhile is gathered,
// each topic once.
type hub struct {
	mu        sync.Mutex
	listeners map[*listener]struct{}
}

type listener struct {
	mu      sync.Mutex
	waiting []string
	waits   map[string]bool // the same, to find one in
	signal  chan struct{}
}

func (h *hub) listen(ctx context.Context, wake func(topic string)) {
	l := &listener{waits: make(map[string]bool), signal: make(chan struct{}, 1)}
	h.mu.Lock()
	if h.listeners == nil {
		h.listeners = make(map[*listener]struct{})
	}
	h.listeners[l] = struct{}{}
	h.mu.Unlock()
	go func() {
		defer func() {
			h.mu.Lock()
			delete(h.listeners, l)
			h.mu.Unlock()
		}()
		for {
			select {
			case <-ctx.Done():
				return
			case <-l.signal:
			}
			for _, topic := range l.take() {
				wake(topic)
			}
		}
	}()
}

func (h *hub) publish(topics []string) {
	if len(topics) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		l.add(topics)
	}
}

func (l *listener) add(topics []string) {
	l.mu.Lock()
	for _, topic := range topics {
		if !l.waits[topic] {
			l.waits[topic] = true
			l.waiting = append(l.waiting, topic)
		}
	}
	l.mu.Unlock()
	select {
	case l.signal <- struct{}{}:
	default: // it has been told already
	}
}

func (l *listener) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	topics := l.waiting
	l.waiting, l.waits = nil, make(map[string]bool)
	return topics
}
