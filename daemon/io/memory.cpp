#include "daemon/io/memory.hpp"

#include "daemon/io/error.hpp"

#include <cstdlib>
#include <uv.h>

namespace p2pd::io {

namespace {

void (*no_memory)() = nullptr;

void* given(void* memory, std::size_t size) {
  if (memory == nullptr && size > 0) no_memory();
  return memory;
}

} // namespace

void end_without_memory(void (*end)()) {
  no_memory = end;
  require(uv_replace_allocator(
              [](std::size_t size) { return given(std::malloc(size), size); },
              [](void* old, std::size_t size) { return given(std::realloc(old, size), size); },
              [](std::size_t count, std::size_t size) {
                return given(std::calloc(count, size), count * size);
              },
              std::free),
          "memory");
}

} // namespace p2pd::io
