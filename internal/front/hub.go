package front

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"guildhall/internal/fault"
)

// Hub tells open pages that a topic has changed; they then fetch what they
// show anew. An event carries no content, so nothing can leak through it and
// nothing is lost when one is missed: a new line first tells what has changed
// since its page was made, and one that was away asks it to look at everything.
type Hub struct {
	mu     sync.Mutex
	topics map[string]map[*line]bool
	told   map[string]time.Time // when each topic changed last, as far as that is known
	floor  time.Time            // what happened before is not
	each   map[string]int       // open pages of each visitor
	open   int
	count  atomic.Int64
	done   chan struct{}
	once   sync.Once
}

// line is one open page. Its wake holds one pending note per topic at most.
type line struct {
	mu      sync.Mutex
	pending map[string]bool
	wake    chan struct{}
}

// maxLines bounds the open pages of the process, maxEach those of one visitor,
// maxTopics what one page hears of, and maxTold the topics whose last change is
// known: those of a page that is not yet listening.
const (
	maxLines  = 20_000
	maxEach   = 50
	maxTopics = 20
	maxTold   = 50_000
	heartbeat = 25 * time.Second
)

// NewHub makes an empty hub.
func NewHub() *Hub {
	return &Hub{
		topics: map[string]map[*line]bool{}, told: map[string]time.Time{}, floor: time.Now(),
		each: map[string]int{}, done: make(chan struct{}),
	}
}

// Publish tells every page on the topic; "" tells every page on every topic.
// It never waits for a slow reader.
func (h *Hub) Publish(topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	if topic == "" || len(h.told) >= maxTold {
		clear(h.told)
		h.floor = now
	}
	if topic != "" {
		h.told[topic] = now
		h.tell(topic)
		return
	}
	for each := range h.topics {
		h.tell(each)
	}
}

func (h *Hub) tell(topic string) {
	for l := range h.topics[topic] {
		l.note(topic)
	}
}

// Open is how many pages listen now.
func (h *Hub) Open() int { h.mu.Lock(); defer h.mu.Unlock(); return h.open }

// Close ends every open line, so that a server can drain.
func (h *Hub) Close() { h.once.Do(func() { close(h.done) }) }

// Topics are what a page wants to hear of. They are counted before anybody looks
// whether it may: each look costs a read.
func Topics(r *http.Request) ([]string, error) {
	topics := r.URL.Query()["topic"]
	return topics, fewTopics(topics)
}

func fewTopics(topics []string) error {
	if len(topics) == 0 || len(topics) > maxTopics {
		return fault.Invalid("topic", "Name between 1 and 20 topics.")
	}
	return nil
}

// Serve keeps the connection open and writes one event per changed topic. The
// caller has checked that the visitor may hear of the topics.
// Errors: fault.Invalid beside topic; fault.Busy for one line too many of the
// same visitor.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, topics []string) error {
	if err := fewTopics(topics); err != nil {
		return err
	}
	l, who := &line{pending: map[string]bool{}, wake: make(chan struct{}, 1)}, Of(r).name()
	if err := h.join(l, who, topics, since(r)); err != nil {
		return err
	}
	defer h.leave(l, who, topics)
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // this answer has no end; test writers have no deadline
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	if r.Header.Get("Last-Event-ID") != "" { // it was away: look at everything once
		for _, t := range topics {
			l.note(t)
		}
	}
	return h.feed(r, w, control, l)
}

func (h *Hub) feed(r *http.Request, w http.ResponseWriter, control *http.ResponseController, l *line) error {
	if _, err := fmt.Fprint(w, "retry: 2000\n\n"); err != nil {
		return nil // the page is gone, which is how every line ends
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		if err := control.Flush(); err != nil {
			return nil // as above
		}
		var err error
		select {
		case <-r.Context().Done():
			return nil
		case <-h.done:
			return nil
		case <-beat.C:
			_, err = fmt.Fprint(w, ": still here\n\n")
		case <-l.wake:
			for _, topic := range l.take() {
				_, err = fmt.Fprintf(w, "id: %d\nevent: changed\ndata: %s\n\n", h.count.Add(1), topic)
			}
		}
		if err != nil {
			return nil // as above
		}
	}
}

// join takes a line in. A browser opens some few at once; somebody who holds
// dozens is a program, and leaves their places to others.
func (h *Hub) join(l *line, who string, topics []string, since time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.each[who] >= maxEach:
		return fault.Busy("You have this house open in very many windows, so this one hears no news by itself. Close some of the others and load it again.")
	case h.open >= maxLines:
		return errOverload
	}
	h.open++
	h.each[who]++
	for _, t := range topics {
		if h.topics[t] == nil {
			h.topics[t] = map[*line]bool{}
		}
		h.topics[t][l] = true
		if last, known := h.told[t]; !since.IsZero() && (since.Before(h.floor) || known && !last.Before(since)) {
			l.note(t)
		}
	}
	return nil
}

// since is when the page of a line was made; zero where it does not say.
func since(r *http.Request) time.Time {
	us, err := strconv.ParseInt(r.URL.Query().Get("since"), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(us)
}

func (h *Hub) leave(l *line, who string, topics []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open--
	if h.each[who]--; h.each[who] == 0 {
		delete(h.each, who)
	}
	for _, t := range topics {
		delete(h.topics[t], l)
		if len(h.topics[t]) == 0 {
			delete(h.topics, t)
		}
	}
}

func (l *line) note(topic string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending[topic] = true
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *line) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var topics []string
	for t := range l.pending {
		topics = append(topics, t)
	}
	clear(l.pending)
	return topics
}
