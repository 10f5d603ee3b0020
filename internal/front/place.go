package front

import (
	"io"
	"net/http"
	"sync"
	"time"

	"guildhall/internal/fault"
)

// place is one of those that requests need in order to be worked at. It is given
// up while the line is waited for, since a slow one, or one that drips on
// purpose, would keep somebody else out: until the next part of the body has
// arrived, and for good once there is an answer to be sent.
type place struct {
	f    *Front
	r    *http.Request
	mu   sync.Mutex
	held bool
	over bool // it is not needed any more
}

// enter takes a place, waiting for one if the queue is not full.
func (f *Front) enter(r *http.Request) (*place, bool) {
	p := &place{f: f, r: r, held: true}
	select {
	case f.places <- struct{}{}:
		return p, true
	default:
	}
	select {
	case f.waiting <- struct{}{}:
		defer func() { <-f.waiting }()
	default:
		return nil, false
	}
	patience := time.NewTimer(5 * time.Second)
	defer patience.Stop()
	select {
	case f.places <- struct{}{}:
		return p, true
	case <-patience.C:
	case <-r.Context().Done():
	}
	return nil, false
}

// leave gives the place up until comeBack.
func (p *place) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held {
		p.held = false
		<-p.f.places
	}
}

// comeBack waits for a place. It fails when the visitor is gone.
func (p *place) comeBack() error {
	p.mu.Lock()
	over := p.over
	p.mu.Unlock()
	if over {
		return nil
	}
	select {
	case p.f.places <- struct{}{}:
	case <-p.r.Context().Done():
		return p.r.Context().Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held = !p.over; p.over {
		<-p.f.places
	}
	return nil
}

// end gives the place up for good.
func (p *place) end() {
	p.leave()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
}

// arrivals counts the bodies that are waited for.
type arrivals struct {
	mu   sync.Mutex
	all  int
	each map[string]int // of each network
}

// maxArriving is how many bodies are waited for when the house takes no more of
// them, and maxArrivingEach how many of one network: many people may sit behind one
// address, but what they send is small and mostly here at once.
const (
	maxArriving     = 4096
	maxArrivingEach = 128
)

// full refuses a request with a body where too many are waited for already.
func (a *arrivals) full(network string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.each[network] >= maxArrivingEach:
		return fault.Busy("Very much is being sent from your network, and none of it is here yet. Please wait until some of it has arrived, and send this again.")
	case a.all >= maxArriving:
		return errOverload
	}
	return nil
}

// count counts bodies that are waited for from now on or, below zero, no longer.
func (a *arrivals) count(network string, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all += n
	if a.each[network] += n; a.each[network] == 0 {
		delete(a.each, network)
	}
}

// arriving is a body on its way.
type arriving struct {
	io.ReadCloser
	place   *place
	network string
}

func (b *arriving) Read(part []byte) (int, error) {
	b.place.leave()
	b.place.f.arrivals.count(b.network, 1)
	n, err := b.ReadCloser.Read(part)
	b.place.f.arrivals.count(b.network, -1)
	if gone := b.place.comeBack(); gone != nil {
		return n, gone
	}
	return n, err
}

// sending is an answer on its way.
type sending struct {
	http.ResponseWriter
	place *place
}

func (w sending) Write(part []byte) (int, error) {
	w.place.end()
	return w.ResponseWriter.Write(part)
}

// Unwrap lets http.ResponseController reach the connection.
func (w sending) Unwrap() http.ResponseWriter { return w.ResponseWriter }
