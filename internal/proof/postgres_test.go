package proof_test

import (
	"context"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestPostgresRestarted ends the database server at once, without a last
// checkpoint, under a working house, and starts it again.
func TestPostgresRestarted(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	town := found(t, t.TempDir(), s.url, 6)
	h := town.house(t)
	n := cycles(t, 3)
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n+6)*generous)
	defer cancel()
	l := town.load(t, h.url)
	l.sick = true // a database that is away is an internal error
	h.start()
	l.begin(ctx)
	for range n {
		l.awaitMore(ctx, 20)
		rest(ctx, rand.N(150*time.Millisecond))
		s.stop()
		rest(ctx, 300*time.Millisecond)
		s.start()
		back := time.Now()
		l.awaitMore(ctx, 1)
		took := time.Since(back)
		t.Logf("first success %s after the server was back", took.Round(time.Millisecond))
		if took > generous {
			t.Errorf("it took %s", took)
		}
	}
	l.finish()
	h.stop()
	h.audit()
	l.judge(h.export(), true)
}

// server is a PostgreSQL server that keeps what it was told to keep: the shared
// one of the other tests is forgetful.
type server struct {
	t        *testing.T
	bin, dir string
	url      string
	as       *syscall.SysProcAttr
	life     io.Closer
	cmd      *exec.Cmd
}

// keeper runs the server until its standard input closes, also because the test
// was killed, and then ends it the way pg_ctl stop -m immediate does.
const keeper = `
"$1" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=on -c synchronous_commit=on -c max_connections=60 </dev/null &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
`

func newServer(t *testing.T) *server {
	t.Helper()
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); len(found) > 0 {
			initdb, err = found[len(found)-1], nil
		}
	}
	if err != nil {
		t.Skip("SKIPPED, NOT PASSED: no PostgreSQL server here that this test could restart")
	}
	initdb, err = filepath.EvalSymlinks(initdb)
	must(t, err)
	dir, err := os.MkdirTemp("", "guildhall-pg-") // short: a socket's path has some 100 bytes at most
	must(t, err)
	s := &server{t: t, bin: filepath.Dir(initdb), dir: dir, url: "postgres://postgres@/postgres?host=" + dir, as: &syscall.SysProcAttr{}}
	t.Cleanup(func() {
		s.stop()
		_ = os.RemoveAll(dir)
	})
	if os.Getuid() == 0 { // which the server refuses to be
		const nobody = 65534
		s.as.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
		must(t, os.Chown(dir, nobody, nobody))
	}
	cmd := exec.Command(initdb, "-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	cmd.Dir, cmd.SysProcAttr = dir, s.as
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v: %s", err, out)
	}
	s.start()
	return s
}

// start starts the server and returns when it takes connections.
func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command("/bin/sh", "-c", keeper, "sh", filepath.Join(s.bin, "postgres"), s.dir)
	s.cmd.Dir = s.dir
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as.Credential, Setsid: true}
	var err error
	s.life, err = s.cmd.StdinPipe()
	must(s.t, err)
	must(s.t, s.cmd.Start())
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.url)
		if err == nil {
			must(s.t, conn.Close(ctx))
			return
		}
		select {
		case <-ctx.Done():
			s.t.Fatalf("the server does not come: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (s *server) stop() {
	if s.cmd == nil {
		return
	}
	_ = s.life.Close()
	_ = s.cmd.Wait()
	s.cmd = nil
}
