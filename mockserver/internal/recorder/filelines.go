package recorder

import (
	"bufio"
	"errors"
	"hash/maphash"
	"io"
)

// comparedBytes is how much of what was written is compared with the file, from
// its end. Of lines before, their number is known alone.
const comparedBytes = 8 << 20

// fileLines are the lines that were written to a file: the newest by their
// checksums, older ones by their number.
type fileLines struct {
	seed   maphash.Seed
	newest []fileLine
	bytes  int // of the newest

	older, olderMissing uint64
}

// fileLine is a line that was written.
type fileLine struct {
	sum     uint64
	start   int64 // the least offset at which it begins in the file
	size    int
	missing bool // whether it is not in the file any more
}

func newFileLines() fileLines { return fileLines{seed: maphash.MakeSeed()} }

// add adds a line that was written at an offset or behind it.
func (l *fileLines) add(line []byte, start int64) {
	l.newest = append(l.newest, fileLine{sum: maphash.Bytes(l.seed, line), start: start, size: len(line)})
	l.bytes += len(line)
}

// present returns how many of the lines are in the file.
func (l *fileLines) present() uint64 {
	n := l.older - l.olderMissing
	for _, line := range l.newest {
		if !line.missing {
			n++
		}
	}
	return n
}

// start returns the offset behind which all of the newest lines are.
func (l *fileLines) start(size int64) int64 {
	for _, line := range l.newest {
		size = min(size, line.start)
	}
	return size
}

// find reads lines from an offset on, and notes which of the newest are among them.
// It returns how many others begin at the base or behind it. After an error nothing
// has changed.
func (l *fileLines) find(text io.Reader, offset, base int64) (others uint64, err error) {
	known := make(map[uint64]bool, len(l.newest))
	for _, line := range l.newest {
		known[line.sum] = true
	}
	starts := make(map[uint64]int64, len(l.newest))
	reader := bufio.NewReaderSize(text, 64<<10)
	for {
		sum, size, err := l.nextSum(reader)
		if errors.Is(err, io.EOF) { // what is left is no whole line
			break
		}
		if err != nil {
			return 0, err
		}
		if known[sum] {
			starts[sum] = offset
		} else if offset >= base {
			others++
		}
		offset += size
	}
	for i := range l.newest {
		line := &l.newest[i]
		start, there := starts[line.sum]
		line.missing = !there
		if there {
			line.start = start
		}
	}
	return others, nil
}

// nextSum reads a line, however long, and returns its checksum and its size.
func (l *fileLines) nextSum(reader *bufio.Reader) (sum uint64, size int64, err error) {
	var hash maphash.Hash
	hash.SetSeed(l.seed)
	for {
		part, err := reader.ReadSlice('\n')
		_, _ = hash.Write(part) // it never fails
		size += int64(len(part))
		if !errors.Is(err, bufio.ErrBufferFull) {
			return hash.Sum64(), size, err
		}
	}
}

// findOlder notes how many lines a file has besides the newest: as many of the older
// are taken to be among them.
func (l *fileLines) findOlder(others uint64) { l.olderMissing = l.older - min(l.older, others) }

// trim forgets the checksums of lines that are not compared any more.
func (l *fileLines) trim() {
	n := 0
	for ; l.bytes > comparedBytes; n++ {
		l.bytes -= l.newest[n].size
		l.older++
		if l.newest[n].missing {
			l.olderMissing++
		}
	}
	l.newest = append(l.newest[:0], l.newest[n:]...)
}
