// All memory for payload, in both directions, within one hard limit.
//
//   limit:  | uploads' reserve, 1/4 | common, 1/2 | downloads' reserve, 1/4 |
//
// A direction takes from its reserve first and from the common part then, so neither can starve the
// other. When nothing is left, take() says so and the caller waits its turn; the pool calls waiters
// in the order in which they came. One buffer for each direction is always granted, however small
// the limit and large the buffer: a daemon that is too tightly limited is slow, not stuck.
//
// Freed buffers are kept for reuse by size, within the limit. Loop thread only, where buffers are
// let go as well; their bytes may be used by jobs.
#pragma once

#include "daemon/io/loop.hpp"
#include "proto/bytes.hpp"

#include <array>
#include <deque>
#include <map>

namespace p2pd::disk {

enum class Direction : std::uint8_t { upload, download };

class BufferPool;

class Buffer final {
 public:
  Buffer(BufferPool& pool, Direction direction, std::size_t size);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  proto::MutableView bytes() { return {bytes_.get(), size_}; }

 private:
  friend class BufferPool;
  struct Free {
    void operator()(std::uint8_t* bytes) const noexcept;
  };
  using Memory = std::unique_ptr<std::uint8_t[], Free>;
  static Memory allocate(std::size_t size);

  BufferPool& pool_;
  Direction direction_;
  std::size_t size_;
  Memory bytes_;
};

class BufferPool final {
 public:
  BufferPool(io::Loop& loop, std::size_t limit);
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  // Null when there is no room: then wait.
  std::shared_ptr<Buffer> take(Direction direction, std::size_t size);

  std::size_t limit() const { return limit_; }
  std::size_t used() const { return used_[0] + used_[1]; }

  // A place in the queue of those who found no room. Called once for each wait(), at the end of a
  // turn of the loop in which a buffer was let go; who then finds too little waits again. Member of
  // its owner.
  class Waiter final {
   public:
    Waiter(BufferPool& pool, io::Bound<void()> call) : pool_(pool), call_(call) {}
    ~Waiter() { stop(); }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    void wait(); // any number of times before it is called counts once
    void stop();

   private:
    friend class BufferPool;
    BufferPool& pool_;
    io::Bound<void()> call_;
    bool waiting_ = false;
  };

 private:
  friend class Buffer;
  bool fits(Direction direction, std::size_t size) const;
  void released(Buffer& buffer);
  void wake();

  const std::size_t limit_;
  std::array<std::size_t, 2> used_{};    // bytes, by direction
  std::array<std::size_t, 2> granted_{}; // buffers, by direction
  std::size_t kept_ = 0;                 // bytes in free_
  std::map<std::size_t, std::vector<Buffer::Memory>> free_;
  std::deque<Waiter*> waiters_;
  io::Deferred wake_;
};

} // namespace p2pd::disk
