// Memory for what comes and goes with every chunk. What is freed is kept for the next of its size,
// so that a transfer allocates nothing once it runs; it is never more than was in use at once.
//
// Thread: each has its own, and what comes from it must be freed on the same thread: the loop's.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <vector>

namespace p2pd::io {

std::pmr::memory_resource& recycled();

// The base of a class whose objects live there.
struct Recycled {
  static void* operator new(std::size_t size) { return recycled().allocate(size); }
  static void operator delete(void* object, std::size_t size) {
    recycled().deallocate(object, size);
  }
};

template <class T, class... Arguments>
std::shared_ptr<T> make_recycled(Arguments&&... arguments) {
  return std::allocate_shared<T>(std::pmr::polymorphic_allocator<T>(&recycled()),
                                 std::forward<Arguments>(arguments)...);
}

// Byte strings on their way to a socket: an empty one, which has had memory if there is any, and
// where it goes afterwards. Large ones are not kept.
std::vector<std::uint8_t> spare_bytes();
void recycle(std::vector<std::uint8_t> bytes);

} // namespace p2pd::io
