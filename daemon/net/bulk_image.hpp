// The memory layout of bulk bytes that are served: the same as on the wire, so that a segment is
// read from disk, sealed and written without a copy.
//
//   | length, 2 | payload, 32 KiB | tag, 16 | length, 2 | payload, 32 KiB | tag, 16 | ...
//
// The last payload may be short. A disk job reads into the payloads; the secure channel seals each
// in place and fills in lengths and tags. Thread: any; pure.
//
// Why 32 KiB per record and not the 65,519 bytes that fit: it divides segments and chunks evenly,
// and a record stays in the first-level cache while it is opened and hashed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace p2pd::net {

constexpr std::size_t record_length = 2;
constexpr std::size_t record_tag = 16;
constexpr std::size_t bulk_payload = 32 * 1024;
constexpr std::size_t bulk_slot = record_length + bulk_payload + record_tag;

constexpr std::size_t bulk_image_size(std::size_t payload) {
  const std::size_t records = (payload + bulk_payload - 1) / bulk_payload;
  return payload + records * (record_length + record_tag);
}

// Calls use(payload) for each payload in `image`; `size` payload bytes in total.
template <class Use>
void each_payload(std::span<std::uint8_t> image, std::size_t size, Use&& use) {
  for (std::size_t at = 0; size > 0; at += bulk_slot) {
    const std::size_t length = std::min(size, bulk_payload);
    use(image.subspan(at + record_length, length));
    size -= length;
  }
}

} // namespace p2pd::net
