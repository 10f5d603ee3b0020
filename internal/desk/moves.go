package desk

import "guildhall/internal/order"

// endings are the moves that end the order or give money back.
func (d Decision) endings() []order.Move {
	return nil
}
