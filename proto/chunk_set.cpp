#include "proto/chunk_set.hpp"

#include "proto/error.hpp"

namespace p2pd::proto {

ChunkSet::ChunkSet(std::uint32_t chunks, bool full) : words_((chunks + 63) / 64), chunks_(chunks) {
  if (!full) return;
  for (std::uint32_t i = 0; i < chunks; ++i) words_[i / 64] |= std::uint64_t{1} << (i % 64);
  count_ = chunks;
}

ChunkSet ChunkSet::from(View bits, std::uint32_t chunks) {
  if (bits.size() != (std::size_t{chunks} + 7) / 8)
    throw Error("a bitmap does not fit its content");
  ChunkSet set(chunks);
  for (std::uint32_t i = 0; i < bits.size() * 8; ++i) {
    if ((bits[i / 8] >> (7 - i % 8) & 1) == 0) continue;
    if (i >= chunks) throw Error("a bitmap has bits beyond its content");
    set.add(ChunkIndex{i});
  }
  return set;
}

Bytes ChunkSet::bits() const {
  Bytes bits((std::size_t{chunks_} + 7) / 8);
  for (std::uint32_t i = 0; i < chunks_; ++i)
    if (has(ChunkIndex{i})) bits[i / 8] |= static_cast<std::uint8_t>(0x80U >> (i % 8));
  return bits;
}

bool ChunkSet::add(ChunkIndex chunk) {
  if (has(chunk)) return false;
  words_[number(chunk) / 64] |= std::uint64_t{1} << (number(chunk) % 64);
  ++count_;
  return true;
}

bool ChunkSet::remove(ChunkIndex chunk) {
  if (!has(chunk)) return false;
  words_[number(chunk) / 64] &= ~(std::uint64_t{1} << (number(chunk) % 64));
  --count_;
  return true;
}

} // namespace p2pd::proto
