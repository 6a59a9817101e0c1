// All memory for payload, in both directions, within one hard limit.
//
//   limit:  | uploads' reserve, 1/4 | common, 1/2 | downloads' reserve, 1/4 |
//
// A direction takes from its reserve first and then from the common part, so neither can starve the
// other. The memory of manifests (manifest_memory.hpp) lowers the limit, down to half of it. If
// nothing is left, take() returns null and the caller waits: in each direction the pool calls
// waiters in FIFO order, one buffer per turn, and nobody overtakes them. One buffer per direction
// is always granted, however small the limit and large the buffer: a limit that is too tight makes
// the daemon slow, not stuck.
//
// Buffers come in a few sizes, a power of two plus one page for what records add to a chunk, and
// are mapped from the kernel one by one: a released buffer can be kept for reuse or returned whole,
// so resident memory follows the count. They are therefore page-aligned.
//
// A buffer counts from take() on, and memory is mapped for it; but which mapping it gets is decided
// when its bytes are first used: a download takes many for its outstanding requests, and the few
// that are being filled get the most recently released mappings, which are still in the caches.
//
// If the system has no memory (see base/system_limits.hpp), take() returns null as well, and
// waiters are called again a second later; some memory is then left to the heap.
//
// Loop thread only, which releases buffers, too; their bytes may be used by jobs.
#pragma once

#include "daemon/disk/manifest_memory.hpp"
#include "daemon/io/timer.hpp"

#include <array>
#include <deque>
#include <map>

namespace p2pd::disk {

enum class Direction : std::uint8_t { upload, download };
// Who fills a buffer. Slow sources hold it for long, so all of them together may use only half of
// what the direction can have, and the rest stays available to others.
enum class Filler : std::uint8_t { usual, slow };

class BufferPool;

class Buffer final {
 public:
  Buffer(BufferPool& pool, Direction direction, Filler filler, std::size_t size,
         std::size_t capacity)
      : pool_(pool), direction_(direction), filler_(filler), size_(size), capacity_(capacity) {}
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  proto::MutableView bytes(); // as many as were requested
  void now_slow();            // its source turned out to be slow

 private:
  friend class BufferPool;
  BufferPool& pool_;
  const Direction direction_;
  Filler filler_;
  const std::size_t size_;
  const std::size_t capacity_;
  std::uint8_t* memory_ = nullptr;
};

class BufferPool final {
 public:
  BufferPool(io::Loop& loop, std::size_t limit,
             const ManifestMemory& manifests = manifest_memory());
  ~BufferPool(); // every buffer must be back, and nobody may wait
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  // Null if there is no memory, or others already wait for it: then wait.
  std::shared_ptr<Buffer> take(Direction direction, std::size_t size,
                               Filler filler = Filler::usual);
  // Whether the share of such fillers allows one more; if not, ask again later.
  bool has_share(Direction direction, std::size_t size, Filler filler) const;

  std::size_t limit() const { return limit_; } // including the part that manifests may use
  std::size_t used() const { return sides_[0].used + sides_[1].used; }
  std::size_t used(Direction direction) const { return side(direction).used; }
  std::size_t waiting(Direction direction) const { return side(direction).waiters.size(); }
  std::uint64_t waits() const { return waits_; }      // how often a caller had to wait, so far
  bool lacks_memory() const { return lacks_memory_; } // of the system

  // A place in the queue for memory: call wait() right after take() returned null, for the same
  // request. The owner is called once, at the end of a loop iteration, when there is memory for it;
  // it then takes it, or leaves it to the next. Member of its owner.
  class Waiter final {
   public:
    Waiter(BufferPool& pool, io::Bound<void()> call) : pool_(pool), call_(call) {}
    ~Waiter() { stop(); }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    void wait(); // idempotent until it is called
    void stop();
    bool waiting() const { return waiting_; }

   private:
    friend class BufferPool;
    BufferPool& pool_;
    io::Bound<void()> call_;
    bool waiting_ = false;
    Direction direction_{};
    std::size_t capacity_ = 0; // what it waits for
  };

 private:
  friend class Buffer;
  struct Side {              // of one direction
    std::size_t used = 0;    // bytes
    std::size_t granted = 0; // buffers
    std::size_t slow = 0;    // bytes, of those that are used
    std::deque<Waiter*> waiters;
    bool turn = false; // a waiter is being called and may take before those behind it
  };

  Side& side(Direction direction) { return sides_[static_cast<std::size_t>(direction)]; }
  const Side& side(Direction direction) const {
    return const_cast<BufferPool*>(this)->side(direction);
  }
  std::size_t room() const; // the part of the limit that manifests leave
  bool fits(Direction direction, std::size_t capacity) const;
  bool promise(std::size_t capacity); // reserves memory for one more; false: the system has none
  bool map(std::size_t capacity);
  std::uint8_t* memory(std::size_t capacity); // a reserved mapping
  void give_back_until(std::size_t most);     // bytes mapped; reserved ones stay
  void try_again();
  void released(Buffer& buffer);
  void wake();
  void call_waiters(Direction direction);

  const std::size_t limit_;
  const ManifestMemory& manifests_;
  std::array<Side, 2> sides_;
  struct Stock {
    std::vector<std::uint8_t*> kept; // the coldest first
    std::size_t promised = 0;        // of them, to buffers
  };
  std::map<std::size_t, Stock> stocks_; // by capacity
  std::size_t mapped_ = 0;              // bytes, of buffers and kept
  std::uint64_t waits_ = 0;
  bool lacks_memory_ = false;
  struct {
    Direction direction{};
    std::size_t capacity = 0;
  } refused_; // the last request that take() refused
  io::Deferred wake_;
  io::Timer again_;
};

} // namespace p2pd::disk
