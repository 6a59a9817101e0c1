#include "daemon/disk/manifest_memory.hpp"

#include <algorithm>

namespace p2pd::disk {

namespace {

// Of an entry, beside the bytes of its texts: what the heap adds to each of the two.
constexpr std::size_t entry_memory = sizeof(proto::Entry) + std::size_t{2} * 16;
constexpr std::size_t least_entry = 9; // bytes, encoded

} // namespace

void ManifestMemory::Charge::set(std::size_t bytes) {
  memory_.bytes_.fetch_add(bytes - bytes_, std::memory_order_relaxed); // modulo 2^64
  bytes_ = bytes;
}

ManifestMemory& manifest_memory() {
  static ManifestMemory all;
  return all;
}

std::size_t memory_of(const proto::Manifest& manifest, std::size_t encoded) {
  return encoded + manifest.entries.size() * entry_memory;
}

std::size_t most_memory_of(std::size_t encoded) {
  return 2 * encoded + std::min(proto::max_entries, encoded / least_entry) * entry_memory;
}

} // namespace p2pd::disk
