// Overwrites freed memory, so that a secret in it (a join token in its request, its answer, the
// frames of both, and every copy made on the way) cannot be read from it later. Wiping each of
// these copies explicitly was tried and missed three. Larger blocks are chunks and lists, which
// contain no secrets and would take time.
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <new>

// The sanitizers have operators of their own, which find more than these would hide.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

constexpr std::size_t largest = std::size_t{16} * 1024;

void wipe_and_free(void* memory) noexcept {
  const std::size_t size = ::malloc_usable_size(memory);
  if (size <= largest) ::explicit_bzero(memory, size);
  std::free(memory);
}

} // namespace

void operator delete(void* memory) noexcept {
  wipe_and_free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  wipe_and_free(memory);
}
void operator delete[](void* memory) noexcept {
  wipe_and_free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  wipe_and_free(memory);
}

#endif
