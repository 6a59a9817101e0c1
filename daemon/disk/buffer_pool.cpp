#include "daemon/disk/buffer_pool.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/system_limits.hpp"
#include "daemon/io/recycled.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <sys/mman.h>
#include <utility>

namespace p2pd::disk {

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t smallest = 16 << 10;
constexpr std::size_t heap_room = 4 << 20; // left to everything but payload
constexpr io::milliseconds retry_after{1000};

std::size_t capacity_for(std::size_t size) {
  return std::max(smallest, std::bit_ceil(size > page ? size - page : 1)) + page;
}

Direction other(Direction direction) {
  return direction == Direction::upload ? Direction::download : Direction::upload;
}

} // namespace

Buffer::~Buffer() {
  pool_.released(*this);
}

proto::MutableView Buffer::bytes() {
  if (memory_ == nullptr) memory_ = pool_.memory(capacity_);
  return {memory_, size_};
}

void Buffer::now_slow() {
  if (std::exchange(filler_, Filler::slow) != Filler::slow)
    pool_.side(direction_).slow += capacity_;
}

BufferPool::BufferPool(io::Loop& loop, std::size_t limit, const ManifestMemory& manifests)
    : limit_(limit)
    , manifests_(manifests)
    , wake_(loop, io::bind<&BufferPool::wake>(this))
    , again_(loop, io::bind<&BufferPool::try_again>(this)) {}

BufferPool::~BufferPool() {
  assert(used() == 0 && sides_[0].waiters.empty() && sides_[1].waiters.empty());
  give_back_until(0);
}

// Freed manifests wake nobody: waiters wait for buffers, and a released buffer wakes them.
std::size_t BufferPool::room() const {
  return limit_ - std::min(manifests_.bytes(), limit_ / 2);
}

// What a direction uses beyond its reserve comes from the common half.
bool BufferPool::fits(Direction direction, std::size_t capacity) const {
  if (side(direction).granted == 0) return true;
  const std::size_t reserve = room() / 4;
  const std::size_t mine = side(direction).used + capacity;
  const std::size_t theirs = std::max(side(other(direction)).used, reserve);
  return mine + theirs <= room();
}

bool BufferPool::has_share(Direction direction, std::size_t size, Filler filler) const {
  const Side& own = side(direction);
  if (filler == Filler::usual || own.slow == 0) return true;
  const std::size_t theirs = std::max(side(other(direction)).used, room() / 4);
  const std::size_t mine = room() - std::min(room(), theirs);
  return own.slow + capacity_for(size) <= mine / 2;
}

std::shared_ptr<Buffer> BufferPool::take(Direction direction, std::size_t size, Filler filler) {
  Side& own = side(direction);
  const std::size_t capacity = capacity_for(size);
  const bool turn = std::exchange(own.turn, false);
  if ((!turn && !own.waiters.empty()) || !fits(direction, capacity) || !promise(capacity)) {
    refused_ = {direction, capacity};
    return nullptr;
  }
  auto buffer = io::make_recycled<Buffer>(*this, direction, filler, size, capacity);
  own.used += capacity;
  if (filler == Filler::slow) own.slow += capacity;
  ++own.granted;
  return buffer;
}

std::uint8_t* BufferPool::memory(std::size_t capacity) {
  Stock& stock = stocks_[capacity];
  std::uint8_t* const memory = stock.kept.back();
  stock.kept.pop_back();
  --stock.promised;
  return memory;
}

bool BufferPool::promise(std::size_t capacity) {
  Stock& stock = stocks_[capacity];
  if (stock.kept.size() == stock.promised) {
    // Kept mappings of other sizes are unmapped in favour of what is needed now.
    give_back_until(room() - std::min(room(), capacity));
    if (!map(capacity)) {
      give_back_until(0);
      if (!map(capacity)) {
        if (!std::exchange(lacks_memory_, true))
          base::log::warn("memory", "payload waits for memory: {}", base::memory_limit());
        again_.once(retry_after);
        return false;
      }
    }
  }
  lacks_memory_ = false;
  ++stock.promised;
  return true;
}

// Mapped together with the memory left to the heap, which is unmapped at once.
bool BufferPool::map(std::size_t capacity) {
  void* const memory = ::mmap(nullptr, capacity + heap_room, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  auto* const bytes = static_cast<std::uint8_t*>(memory);
  ::munmap(bytes + capacity, heap_room);
  mapped_ += capacity;
  std::vector<std::uint8_t*>& kept = stocks_[capacity].kept;
  kept.insert(kept.begin(), bytes);
  return true;
}

void BufferPool::give_back_until(std::size_t most) {
  for (auto& [capacity, stock] : stocks_)
    for (; stock.kept.size() > stock.promised && mapped_ > most; stock.kept.pop_back()) {
      ::munmap(stock.kept.back(), capacity);
      mapped_ -= capacity;
    }
}

void BufferPool::try_again() {
  lacks_memory_ = false;
  wake();
}

void BufferPool::released(Buffer& buffer) {
  Side& own = side(buffer.direction_);
  own.used -= buffer.capacity_;
  if (buffer.filler_ == Filler::slow) own.slow -= buffer.capacity_;
  --own.granted;
  Stock& stock = stocks_[buffer.capacity_];
  if (buffer.memory_ != nullptr)
    stock.kept.push_back(buffer.memory_);
  else
    --stock.promised;
  give_back_until(room());
  lacks_memory_ = false; // released memory is available
  if (!sides_[0].waiters.empty() || !sides_[1].waiters.empty()) wake_.schedule();
}

void BufferPool::wake() {
  call_waiters(Direction::upload);
  call_waiters(Direction::download);
}

// Each current waiter gets at most one turn; those who wait again go to the end of the queue.
void BufferPool::call_waiters(Direction direction) {
  Side& own = side(direction);
  for (std::size_t turns = own.waiters.size(); turns > 0 && !own.waiters.empty(); --turns) {
    Waiter* const next = own.waiters.front();
    if (lacks_memory_ || !fits(direction, next->capacity_)) return;
    own.waiters.pop_front();
    next->waiting_ = false;
    own.turn = true;
    next->call_();
    own.turn = false;
  }
}

void BufferPool::Waiter::wait() {
  if (std::exchange(waiting_, true)) return;
  direction_ = pool_.refused_.direction;
  capacity_ = pool_.refused_.capacity;
  ++pool_.waits_;
  pool_.side(direction_).waiters.push_back(this);
  // Refused because others were ahead: they may leave before anything is released.
  if (!pool_.lacks_memory_ && pool_.fits(direction_, capacity_)) pool_.wake_.schedule();
}

void BufferPool::Waiter::stop() {
  if (!std::exchange(waiting_, false)) return;
  std::erase(pool_.side(direction_).waiters, this);
  pool_.wake_.schedule(); // those behind it may take what it left
}

} // namespace p2pd::disk
