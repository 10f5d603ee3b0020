package market

import (
	"bufio"
	"context"
	"encoding/json"
	"io"

	"guildhall/internal/store"
)

// Export writes everything that the house remembers as JSON lines, one row
// each, sorted by table and key. Equal houses give equal bytes, on either
// engine. Secrets, and hashes of secrets, are left out; the bytes of files are
// not in it, their hashes are. It tells how many lines it wrote.
func (m *Market) Export(ctx context.Context, out io.Writer) (int, error) {
	buffer := bufio.NewWriterSize(out, 1<<16)
	lines := json.NewEncoder(buffer)
	lines.SetEscapeHTML(false)
	n := 0
	err := m.store.Export(ctx, func(r store.Record) error {
		n++
		return lines.Encode(r)
	})
	if err != nil {
		return n, err
	}
	return n, buffer.Flush()
}
