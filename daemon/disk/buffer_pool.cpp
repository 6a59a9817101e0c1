#include "daemon/disk/buffer_pool.hpp"

#include <algorithm>
#include <cassert>
#include <new>

namespace p2pd::disk {

namespace {

constexpr std::align_val_t alignment{64};

std::size_t index(Direction direction) {
  return static_cast<std::size_t>(direction);
}

} // namespace

void Buffer::Free::operator()(std::uint8_t* bytes) const noexcept {
  ::operator delete[](bytes, alignment);
}

Buffer::Memory Buffer::allocate(std::size_t size) {
  return Memory(static_cast<std::uint8_t*>(::operator new[](size, alignment)));
}

Buffer::Buffer(BufferPool& pool, Direction direction, std::size_t size)
    : pool_(pool), direction_(direction), size_(size) {}

Buffer::~Buffer() {
  pool_.released(*this);
}

BufferPool::BufferPool(io::Loop& loop, std::size_t limit)
    : limit_(limit), wake_(loop, io::bind<&BufferPool::wake>(this)) {}

BufferPool::~BufferPool() {
  assert(used() == 0);
}

// What a direction uses beyond its reserve comes out of the common half.
bool BufferPool::fits(Direction direction, std::size_t size) const {
  const std::size_t reserve = limit_ / 4;
  const auto common = [&](std::size_t used) { return used > reserve ? used - reserve : 0; };
  const std::size_t mine = used_[index(direction)] + size;
  const std::size_t others = used_[1 - index(direction)];
  return common(mine) + common(others) <= limit_ - 2 * reserve;
}

std::shared_ptr<Buffer> BufferPool::take(Direction direction, std::size_t size) {
  if (granted_[index(direction)] > 0 && !fits(direction, size)) return nullptr;
  auto buffer = std::make_shared<Buffer>(*this, direction, size);
  std::vector<Buffer::Memory>& spare = free_[size];
  if (spare.empty()) {
    // What is kept in other sizes gives way to what is needed now.
    for (auto& [other, list] : free_)
      while (!list.empty() && used() + kept_ + size > limit_) {
        list.pop_back();
        kept_ -= other;
      }
    buffer->bytes_ = Buffer::allocate(size);
  } else {
    buffer->bytes_ = std::move(spare.back());
    spare.pop_back();
    kept_ -= size;
  }
  used_[index(direction)] += size;
  ++granted_[index(direction)];
  return buffer;
}

void BufferPool::released(Buffer& buffer) {
  if (buffer.bytes_ == nullptr) return;
  used_[index(buffer.direction_)] -= buffer.size_;
  --granted_[index(buffer.direction_)];
  if (used() + kept_ + buffer.size_ <= limit_) {
    free_[buffer.size_].push_back(std::move(buffer.bytes_));
    kept_ += buffer.size_;
  }
  if (!waiters_.empty()) wake_.schedule();
}

// Everyone who waits now has one turn; who waits again stands at the end.
void BufferPool::wake() {
  for (std::size_t turns = waiters_.size(); turns > 0 && !waiters_.empty(); --turns) {
    Waiter* const next = waiters_.front();
    waiters_.pop_front();
    next->waiting_ = false;
    next->call_();
  }
}

void BufferPool::Waiter::wait() {
  if (std::exchange(waiting_, true)) return;
  pool_.waiters_.push_back(this);
}

void BufferPool::Waiter::stop() {
  if (std::exchange(waiting_, false)) std::erase(pool_.waiters_, this);
}

} // namespace p2pd::disk
