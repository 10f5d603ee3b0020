package store

import "sync"

// recall is what is known of single rows while a market is made up, so that the
// builder need not be asked for them: an order is read with each of its moves,
// and is mostly as the move before has left it. Rows are known by their ids,
// which no two kinds share. What is kept is shared, nobody may write into it.
type recall struct {
	mu     sync.Mutex
	rows   map[string]recalled
	writes int // counts them
	floor  int // when all was forgotten
}

// recalled is a row, nil when it is not known, and the write that left it so.
type recalled struct {
	row  any
	turn int
}

// recallSize bounds how many rows are known. Beyond it all are forgotten.
const recallSize = 50_000

// find returns a row if it is known, and in any case the turn at which it was
// looked for.
func (r *recall) find(id string) (row any, turn int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at(id)
}

func (r *recall) at(id string) (row any, turn int) {
	if known, ok := r.rows[id]; ok {
		return known.row, known.turn
	}
	return nil, r.floor
}

// learn keeps a row that was read, unless it has been written since it was
// looked for: then what was read may be older.
func (r *recall) learn(id string, row any, turn int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, now := r.at(id); now == turn {
		r.keep(id, row, turn)
	}
}

// take keeps what an update has left behind, at the moment it is written.
func (r *recall) take(left map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, row := range left {
		r.writes++
		r.keep(id, row, r.writes)
	}
}

func (r *recall) keep(id string, row any, turn int) {
	if len(r.rows) >= recallSize || r.rows == nil {
		r.writes++
		r.rows, r.floor = make(map[string]recalled), r.writes
	}
	r.rows[id] = recalled{row, turn}
}

// known reads a row by its id, or returns it if that can be told without.
func known[N ~string, V any](tx *Tx, id N, read func() (V, error)) (V, error) {
	row, turn := tx.leftBehind(string(id))
	if v, ok := row.(V); ok {
		return v, nil
	}
	v, err := read()
	if err == nil && turn != ownTurn {
		tx.recall.learn(string(id), v, turn)
	}
	return v, err
}

// relied is known, for what no guarded write of this update would find changed:
// the update is run anew if somebody has written it meanwhile.
func relied[N ~string, V any](tx *Tx, id N, read func() (V, error)) (V, error) {
	if _, turn := tx.leftBehind(string(id)); turn != ownTurn {
		if tx.relied == nil {
			tx.relied = make(map[string]int)
		}
		tx.relied[string(id)] = turn
	}
	return known(tx, id, read)
}

// holds tells whether nothing was written of what an update relied on.
func (r *recall) holds(relied map[string]int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, turn := range relied {
		if _, now := r.at(id); now != turn {
			return false
		}
	}
	return true
}

// ownTurn stands for what is nobody else's to know.
const ownTurn = -1

// leftBehind is a row as this update leaves it, or as it is known, with the turn
// at which it was looked for; nil where it has to be read.
func (tx *Tx) leftBehind(id string) (row any, turn int) {
	if tx.recall == nil {
		return nil, ownTurn
	}
	if row, written := tx.left[id]; written {
		return row, ownTurn
	}
	return tx.recall.find(id)
}

// leaves notes how this update leaves a row; nil when that has to be read.
func (tx *Tx) leaves(id string, row any) {
	if tx.recall == nil {
		return
	}
	if tx.left == nil {
		tx.left = make(map[string]any)
	}
	tx.left[id] = row
}
