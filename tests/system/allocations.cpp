// Counts what a program allocates, for LD_PRELOAD; it says the number on its standard error when it
// ends. Thread: any.
#include <atomic>
#include <cstdio>

extern "C" {

// Of glibc, beneath the names that are taken here.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

static std::atomic<unsigned long> allocations;

void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) {
  ++allocations;
  return __libc_realloc(old, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  ++allocations;
  return __libc_memalign(alignment, size);
}

__attribute__((destructor)) static void tell() {
  std::fprintf(stderr, "allocations: %lu\n", allocations.load());
}
}
