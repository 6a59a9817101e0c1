// Hashes all chunks of a content on the pool, in ranges, several at once: to publish or to verify
// it. Loop thread only; owned by whoever needs the result.
#pragma once

#include "daemon/disk/buffer_pool.hpp"
#include "daemon/disk/outcome.hpp"
#include "daemon/io/job.hpp"
#include "daemon/io/timer.hpp"
#include "proto/ids.hpp"

#include <functional>
#include <list>

namespace p2pd::library {

constexpr io::Clock::duration progress_period =
    std::chrono::milliseconds(100); // for reports of progress

using Hashes = disk::Result<std::vector<proto::Digest>>;

class HashingListener {
 public:
  virtual void on_hashes(std::uint32_t first, const std::vector<proto::Digest>& hashes) = 0;
  virtual void on_hashed(const disk::Outcome& outcome) = 0; // once, at the end

 protected:
  ~HashingListener() = default;
};

class Hashing final {
 public:
  // Runs on the pool, several at once, and owns what it uses: returns the hashes of `count` chunks
  // from `first` on; `scratch` has room for one.
  using Work = std::function<Hashes(proto::ChunkIndex first, std::uint32_t count,
                                    proto::MutableView scratch)>;

  Hashing(io::Loop& loop, disk::BufferPool& buffers, HashingListener& listener);
  Hashing(const Hashing&) = delete;
  Hashing& operator=(const Hashing&) = delete;

  void start(Work work, std::uint32_t chunks, std::uint32_t chunk_size);
  // Slowly: one range at a time, with this pause after each.
  void start_slowly(Work work, std::uint32_t chunks, std::uint32_t chunk_size,
                    io::milliseconds pause);
  void stop();
  std::uint32_t done() const { return done_; } // chunks

 private:
  void more();
  void on_range(std::list<io::Job>::iterator job, std::uint32_t first, const Hashes& hashes);

  io::Loop& loop_;
  disk::BufferPool& buffers_;
  HashingListener& listener_;
  std::shared_ptr<const Work> work_;
  std::uint32_t chunks_ = 0;
  std::uint32_t chunk_size_ = 0;
  io::milliseconds pause_{};
  std::uint32_t next_ = 0;
  std::uint32_t done_ = 0;
  std::list<io::Job> jobs_;
  disk::BufferPool::Waiter memory_;
  io::Timer paused_;
};

} // namespace p2pd::library
