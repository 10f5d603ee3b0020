package proof_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// TestPowerCut takes the power away from the disk under a working house, again
// and again: a file system in a file is cut off in the middle of everything,
// without writing what waits in memory, and mounted anew.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	d := newDisk(t)
	town := found(t, d.dir, "", 6)
	h := town.house(t)
	n := cycles(t, 10)
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n+6)*generous)
	defer cancel()
	l := town.load(t, h.url)
	h.start()
	l.begin(ctx)
	for range n {
		l.awaitMore(ctx, 10)
		rest(ctx, rand.N(150*time.Millisecond))
		h.freeze()
		d.cut()
		h.kill()
		d.mount()
		h.start()
	}
	l.finish()
	h.stop()
	h.audit()
	l.judge(h.export(), true)
	t.Logf("the power was cut %d times", n)
}

// freeze stops the program where it is: when the power goes it goes for the
// processor, too. Left running, it could be told by the kernel that a sync went
// well which the cut had overtaken, and answer from beyond the grave.
func (h *house) freeze() {
	h.t.Helper()
	must(h.t, h.cmd.Process.Signal(syscall.SIGSTOP))
	for !h.frozen() { // a signal is on its way for a moment
		rest(h.t.Context(), time.Millisecond)
	}
}

// frozen tells whether every thread stands still, or is in the kernel and will
// stand still before it can say anything.
func (h *house) frozen() bool {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", h.cmd.Process.Pid))
	must(h.t, err)
	for _, thread := range threads {
		state, err := os.ReadFile(thread)
		if _, rest, _ := strings.Cut(string(state), ") "); err == nil && !strings.HasPrefix(rest, "T") && !strings.HasPrefix(rest, "D") {
			return false
		}
	}
	return len(threads) > 0
}

// disk is a file system in a file.
type disk struct {
	t          *testing.T
	image, dir string
	mounted    bool
}

func newDisk(t *testing.T) *disk {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("SKIPPED, NOT PASSED: only root may mount a disk to take its power away")
	}
	if _, err := exec.LookPath("mkfs.ext4"); err != nil {
		t.Skipf("SKIPPED, NOT PASSED: %v", err)
	}
	root := t.TempDir()
	d := &disk{t: t, image: filepath.Join(root, "disk.img"), dir: filepath.Join(root, "disk")}
	must(t, os.Mkdir(d.dir, 0o700))
	must(t, os.WriteFile(d.image, nil, 0o600))
	must(t, os.Truncate(d.image, 256<<20))
	if out, err := exec.Command("mkfs.ext4", "-q", "-F", d.image).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED, NOT PASSED: no file system can be made here: %v: %s", err, out)
	}
	if out, err := exec.Command("mount", "-o", "loop", d.image, d.dir).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED, NOT PASSED: no disk can be mounted here: %v: %s", err, out)
	}
	d.mounted = true
	t.Cleanup(d.unmount)
	return d
}

// powerOff is EXT4_IOC_SHUTDOWN, and withoutLog its way that writes nothing any
// more, not even the journal: what `xfs_io -x -c shutdown` asks for.
const (
	powerOff   = 0x8004587d
	withoutLog = uint32(2)
)

func (d *disk) cut() {
	d.t.Helper()
	f, err := os.Open(d.dir)
	must(d.t, err)
	how := withoutLog
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), powerOff, uintptr(unsafe.Pointer(&how)))
	must(d.t, f.Close())
	if errno != 0 {
		d.t.Skipf("SKIPPED, NOT PASSED: the power cannot be cut here: %v", errno)
	}
	if err := os.WriteFile(filepath.Join(d.dir, "dark"), []byte("x"), 0o600); !errors.Is(err, syscall.EIO) {
		d.t.Fatalf("there is still power: %v", err)
	}
}

// mount throws away what was in memory and mounts what is on the disk.
func (d *disk) mount() {
	d.t.Helper()
	d.unmount()
	out, err := exec.Command("mount", "-o", "loop", d.image, d.dir).CombinedOutput()
	if err != nil {
		d.t.Fatalf("mount: %v: %s", err, out)
	}
	d.mounted = true
}

func (d *disk) unmount() {
	if !d.mounted {
		return
	}
	if out, err := exec.Command("umount", d.dir).CombinedOutput(); err != nil {
		d.t.Errorf("umount: %v: %s", err, out)
		_ = syscall.Unmount(d.dir, syscall.MNT_DETACH)
	}
	d.mounted = false
}
