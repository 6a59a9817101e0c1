#include "daemon/library/hashing.hpp"

#include <thread>

namespace p2pd::library {

namespace {

constexpr std::uint32_t range_bytes = 8 * 1024 * 1024; // hashed by one job

std::size_t jobs_at_once() {
  static const unsigned cores = std::thread::hardware_concurrency(); // reads a file
  return std::max(2U, cores);
}

} // namespace

Hashing::Hashing(io::Loop& loop, disk::BufferPool& buffers, HashingListener& listener)
    : loop_(loop)
    , buffers_(buffers)
    , listener_(listener)
    , memory_(buffers, io::bind<&Hashing::more>(this))
    , paused_(loop, io::bind<&Hashing::more>(this)) {}

void Hashing::start(Work work, std::uint32_t chunks, std::uint32_t chunk_size) {
  start_slowly(std::move(work), chunks, chunk_size, io::milliseconds(0));
}

void Hashing::start_slowly(Work work, std::uint32_t chunks, std::uint32_t chunk_size,
                           io::milliseconds pause) {
  work_ = std::make_shared<const Work>(std::move(work));
  chunks_ = chunks;
  chunk_size_ = chunk_size;
  pause_ = pause;
  more();
}

void Hashing::stop() {
  jobs_.clear();
  memory_.stop();
  paused_.stop();
}

void Hashing::more() {
  if (done_ == chunks_) return listener_.on_hashed({});
  const std::size_t most = pause_.count() > 0 ? 1 : jobs_at_once();
  while (next_ < chunks_ && jobs_.size() < most) {
    auto scratch = buffers_.take(disk::Direction::upload, chunk_size_);
    if (scratch == nullptr) return memory_.wait();
    const std::uint32_t first = next_;
    const std::uint32_t count = std::min(std::max(1U, range_bytes / chunk_size_), chunks_ - first);
    next_ += count;
    const auto job = jobs_.emplace(jobs_.end());
    *job = io::run(
        loop_,
        [work = work_, bytes = scratch->bytes(), scratch, first, count] {
          return (*work)(proto::ChunkIndex{first}, count, bytes);
        },
        [this, job, first](const Hashes& hashes) { on_range(job, first, hashes); });
  }
}

void Hashing::on_range(std::list<io::Job>::iterator job, std::uint32_t first,
                       const Hashes& hashes) {
  jobs_.erase(job);
  if (!hashes) {
    stop();
    return listener_.on_hashed(hashes.fault());
  }
  done_ += static_cast<std::uint32_t>(hashes->size());
  listener_.on_hashes(first, *hashes);
  if (pause_.count() > 0 && done_ < chunks_)
    paused_.once(pause_);
  else
    more();
}

} // namespace p2pd::library
