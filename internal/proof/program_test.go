package proof_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(filepath.Dir(built))
	}
	os.Exit(code)
}

var built string

// program builds the real thing, once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "guildhall-proof-")
	if err != nil {
		return "", err
	}
	built = filepath.Join(dir, "guildhall")
	out, err := exec.Command("go", "build", "-o", built, "guildhall/cmd/guildhall").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return built, nil
})

// house is the real program serving a town, started and killed at will.
type house struct {
	town
	t    testing.TB
	addr string
	url  string
	cmd  *exec.Cmd
	log  bytes.Buffer
}

func (town town) house(t testing.TB) *house {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	addr := l.Addr().String()
	must(t, l.Close())
	h := &house{town: town, t: t, addr: addr, url: "http://" + addr}
	t.Cleanup(func() { h.kill() })
	return h
}

// generous is how long a restart may take on a machine that others use too. The
// promise is two seconds; what it took is printed.
const generous = 20 * time.Second

// start starts the program and tells how long it took to be ready.
func (h *house) start() time.Duration {
	h.t.Helper()
	_, err := program() // the first one waits for the compiler
	must(h.t, err)
	began := time.Now()
	h.spawn()
	if err := h.await(http.StatusOK, generous); err != nil {
		h.t.Fatalf("not ready: %v\n%s", err, h.said())
	}
	return time.Since(began)
}

func (h *house) spawn() {
	h.t.Helper()
	path, err := program()
	must(h.t, err)
	h.cmd = exec.Command(path, "serve", "--data", h.data, "--database", h.database, "--listen", h.addr, "--log-level", "warn")
	h.cmd.Stdout, h.cmd.Stderr = &h.log, &h.log
	must(h.t, h.cmd.Start())
}

// await waits until the house says that it is ready, or not.
func (h *house) await(status int, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var last error
	for {
		got, body, err := ask(ctx, h.url+"/readyz")
		if err == nil && got == status {
			return nil
		}
		if last = err; err == nil {
			last = fmt.Errorf("%d %s", got, body)
		}
		select {
		case <-ctx.Done():
			return last
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func ask(ctx context.Context, url string) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, "", err
	}
	res, err := line.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), err
}

// kill ends the program at once, as kill -9 does.
func (h *house) kill() {
	if h.cmd == nil {
		return
	}
	_ = h.cmd.Process.Kill()
	_ = h.cmd.Wait()
	h.cmd = nil
	line.CloseIdleConnections()
}

// said is all that the program wrote. It is ended first: what it wrote last may
// still be on its way.
func (h *house) said() string {
	h.kill()
	return h.log.String()
}

// stop asks the program to end in order, which takes ten seconds at most.
func (h *house) stop() {
	h.t.Helper()
	must(h.t, h.cmd.Process.Signal(syscall.SIGTERM))
	if err := h.cmd.Wait(); err != nil {
		h.t.Errorf("ended with %v: %s", err, h.log.String())
	}
	h.cmd = nil
	line.CloseIdleConnections()
}

// run runs another command of the program on the same database.
func (h *house) run(args ...string) (stdout, stderr string, err error) {
	h.t.Helper()
	path, err := program()
	must(h.t, err)
	cmd := exec.Command(path, append(args, "--data", h.data, "--database", h.database)...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err = cmd.Run()
	return out.String(), complaints.String(), err
}

// audit fails the test unless the program finds its own database sound.
func (h *house) audit() {
	h.t.Helper()
	out, complaints, err := h.run("audit", "--json")
	if err != nil {
		h.t.Errorf("audit: %v: %s %s", err, out, complaints)
	}
}

// row is one row of an export.
type row map[string]any

func (r row) text(column string) string { s, _ := r[column].(string); return s }

func (r row) number(column string) int64 {
	n, _ := r[column].(json.Number)
	i, _ := n.Int64()
	return i
}

// export is everything that the database holds, by table.
func (h *house) export() map[string][]row {
	h.t.Helper()
	out, complaints, err := h.run("export")
	if err != nil {
		h.t.Fatalf("export: %v: %s", err, complaints)
	}
	return tables(h.t, strings.NewReader(out))
}

func tables(t testing.TB, src io.Reader) map[string][]row {
	t.Helper()
	all := map[string][]row{}
	for d := json.NewDecoder(src); ; {
		d.UseNumber()
		var line struct {
			Table string `json:"table"`
			Row   row    `json:"row"`
		}
		if err := d.Decode(&line); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[line.Table] = append(all[line.Table], line.Row)
	}
}
