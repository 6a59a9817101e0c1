#include "proto/chunk_copies.hpp"

#include <algorithm>

namespace p2pd::proto {

namespace {

using Words = std::vector<std::uint64_t>;

bool any(const Words& words) {
  return std::ranges::any_of(words, [](std::uint64_t word) { return word != 0; });
}

Words words_of(const ChunkSet& set) {
  return {set.words().begin(), set.words().end()};
}

} // namespace

void ChunkCopies::add(const ChunkSet& have) {
  Words carry = words_of(have);
  for (std::size_t digit = 0; any(carry); ++digit) {
    if (digit == planes_.size()) planes_.emplace_back(carry.size());
    Words& plane = planes_[digit];
    for (std::size_t i = 0; i < carry.size(); ++i) {
      const std::uint64_t sum = plane[i] ^ carry[i];
      carry[i] &= plane[i];
      plane[i] = sum;
    }
  }
}

void ChunkCopies::remove(const ChunkSet& have) {
  Words borrow = words_of(have);
  for (std::size_t digit = 0; digit < planes_.size() && any(borrow); ++digit) {
    Words& plane = planes_[digit];
    for (std::size_t i = 0; i < borrow.size(); ++i) {
      plane[i] ^= borrow[i];
      borrow[i] &= plane[i];
    }
  }
  while (!planes_.empty() && !any(planes_.back())) planes_.pop_back();
}

void ChunkCopies::add(ChunkIndex chunk) {
  const std::uint64_t bit = std::uint64_t{1} << (number(chunk) % 64);
  for (std::size_t digit = 0;; ++digit) {
    if (digit == planes_.size()) planes_.emplace_back((std::size_t{chunks_} + 63) / 64);
    std::uint64_t& word = planes_[digit][number(chunk) / 64];
    word ^= bit;
    if ((word & bit) != 0) return; // no carry
  }
}

ChunkCopies::Rarest ChunkCopies::rarest() const {
  Rarest rarest{whole_, words_of(ChunkSet(chunks_, true))};
  Words& left = rarest.chunks;
  // From the highest digit down, keep the chunks with a 0 there, if there are any.
  for (std::size_t digit = left.empty() ? 0 : planes_.size(); digit-- > 0;) {
    Words lower(left.size());
    for (std::size_t i = 0; i < left.size(); ++i) lower[i] = left[i] & ~planes_[digit][i];
    if (any(lower))
      left = std::move(lower);
    else
      rarest.copies += 1U << digit;
  }
  return rarest;
}

} // namespace p2pd::proto
