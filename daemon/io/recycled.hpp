// A free list for objects that are created and destroyed with every chunk, so that a running
// transfer allocates nothing. It never holds more than was in use at once.
//
// Thread: one free list per thread; objects must be freed on the thread that made them, the loop's.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <vector>

namespace p2pd::io {

std::pmr::memory_resource& recycled();

// The base of a class whose objects are allocated from it.
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

// Byte strings on their way to a socket: takes an empty one, with capacity if possible, and gives
// it back. Large ones are not kept.
std::vector<std::uint8_t> spare_bytes();
void recycle(std::vector<std::uint8_t> bytes);

} // namespace p2pd::io
