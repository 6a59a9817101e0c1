#include "proto/chunk_set.hpp"

#include "proto/error.hpp"

#include <cassert>

namespace p2pd::proto {

ChunkSet::ChunkSet(std::uint32_t chunks, bool full)
    : words_((chunks + 63) / 64, full ? ~std::uint64_t{0} : 0)
    , chunks_(chunks)
    , count_(full ? chunks : 0) {
  if (full && chunks % 64 != 0) words_.back() = (std::uint64_t{1} << (chunks % 64)) - 1;
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
  each([&](ChunkIndex chunk) {
    bits[number(chunk) / 8] |= static_cast<std::uint8_t>(0x80U >> (number(chunk) % 8));
  });
  return bits;
}

template <class Combine>
ChunkSet ChunkSet::combined(const ChunkSet& other, Combine&& combine) const {
  assert(chunks_ == other.chunks_);
  ChunkSet result(chunks_);
  for (std::size_t i = 0; i < words_.size(); ++i) {
    result.words_[i] = combine(words_[i], other.words_[i]);
    result.count_ += static_cast<std::uint32_t>(std::popcount(result.words_[i]));
  }
  return result;
}

ChunkSet ChunkSet::minus(const ChunkSet& other) const {
  return combined(other, [](std::uint64_t one, std::uint64_t two) { return one & ~two; });
}

ChunkSet ChunkSet::intersection(const ChunkSet& other) const {
  return combined(other, [](std::uint64_t one, std::uint64_t two) { return one & two; });
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
