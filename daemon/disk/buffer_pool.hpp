// All memory for payload, in both directions, within one hard limit.
//
//   limit:  | uploads' reserve, 1/4 | common, 1/2 | downloads' reserve, 1/4 |
//
// A direction takes from its reserve first and from the common part then, so neither can starve the
// other. What manifests take (manifest_memory.hpp) makes the limit lower, down to half of it. When
// nothing is left, take() says so and the caller waits its turn: in each direction the pool calls
// waiters in the order in which they came, one buffer a turn, and while some wait nobody overtakes
// them. One buffer for each direction is always granted, however small the limit and large the
// buffer: a daemon that is too tightly limited is slow, not stuck.
//
// Buffers come in a few sizes, a power of two and a page beside it for what records add to a chunk,
// and are mapped from the kernel one by one: what is let go can be kept for the next or be given
// back whole, and memory stays as flat as the count says. Page-aligned, therefore.
//
// A buffer counts from take() on, and memory is mapped for it; but which, is chosen once its bytes
// are asked for: a download takes many for what it has asked for, and those few that are being
// filled are the ones let go last, which the caches still hold.
//
// Where the system gives no memory (see base/system_limits.hpp), take() says no as well, and those
// who wait are called again in a second; the heap keeps some room then.
//
// Loop thread only, where buffers are let go as well; their bytes may be used by jobs.
#pragma once

#include "daemon/disk/manifest_memory.hpp"
#include "daemon/io/timer.hpp"

#include <array>
#include <deque>
#include <map>

namespace p2pd::disk {

enum class Direction : std::uint8_t { upload, download };
// Who is to fill a buffer. Slow ones hold it for long, so all of them together have half of what
// the direction may have beside the other, and others find memory beside them.
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

  proto::MutableView bytes(); // as many as were asked for
  void now_slow();            // who is to fill it was taken for a usual one

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
  ~BufferPool(); // every buffer is back, and nobody waits
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  // Null when there is no room, or others wait for it: then wait.
  std::shared_ptr<Buffer> take(Direction direction, std::size_t size,
                               Filler filler = Filler::usual);
  // Whether the share of such fillers has room for one more; who has none asks again later.
  bool has_share(Direction direction, std::size_t size, Filler filler) const;

  std::size_t limit() const { return limit_; } // with what manifests may take of it
  std::size_t used() const { return sides_[0].used + sides_[1].used; }
  std::size_t used(Direction direction) const { return side(direction).used; }
  std::size_t waiting(Direction direction) const { return side(direction).waiters.size(); }
  std::uint64_t waits() const { return waits_; }      // how often somebody had to, so far
  bool lacks_memory() const { return lacks_memory_; } // of the system

  // A place in the queue of those who found no room: wait() at once after take() said no, and for
  // what it said no to. Called once, at the end of a turn of the loop, when there is room for that;
  // the owner then takes it, or leaves it to the next. Member of its owner.
  class Waiter final {
   public:
    Waiter(BufferPool& pool, io::Bound<void()> call) : pool_(pool), call_(call) {}
    ~Waiter() { stop(); }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    void wait(); // any number of times before it is called counts once
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
  std::size_t room() const; // what manifests leave of the limit
  bool fits(Direction direction, std::size_t capacity) const;
  bool promise(std::size_t capacity); // memory for one more; false: the system gives none
  bool map(std::size_t capacity);
  std::uint8_t* memory(std::size_t capacity); // that was promised
  void give_back_until(std::size_t most);     // bytes mapped; what is promised stays
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
  } refused_; // what take() said no to last
  io::Deferred wake_;
  io::Timer again_;
};

} // namespace p2pd::disk
