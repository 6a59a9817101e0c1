#include "daemon/io/recycled.hpp"

#include <utility>

#if defined(__has_feature)
#define P2PD_HAS_FEATURE(name) __has_feature(name)
#else
#define P2PD_HAS_FEATURE(name) 0
#endif

namespace p2pd::io {

namespace {

constexpr std::size_t most_spares = 64;
constexpr std::size_t largest_spare = 4096;

using Spares = std::vector<std::vector<std::uint8_t>>;

Spares& spares() {
  thread_local Spares all = [] {
    Spares none;
    none.reserve(most_spares);
    return none;
  }();
  return all;
}

} // namespace

std::pmr::memory_resource& recycled() {
#if defined(__SANITIZE_ADDRESS__) || P2PD_HAS_FEATURE(address_sanitizer)
  return *std::pmr::new_delete_resource(); // which sees what is used after it was freed
#else
  thread_local std::pmr::unsynchronized_pool_resource memory;
  return memory;
#endif
}

std::vector<std::uint8_t> spare_bytes() {
  if (spares().empty()) return {};
  std::vector<std::uint8_t> bytes = std::move(spares().back());
  spares().pop_back();
  return bytes;
}

void recycle(std::vector<std::uint8_t> bytes) {
  if (bytes.capacity() == 0 || bytes.capacity() > largest_spare || spares().size() == most_spares)
    return;
  bytes.clear();
  spares().push_back(std::move(bytes));
}

} // namespace p2pd::io
