#include "daemon/swarm/picker.hpp"

#include <cassert>

namespace p2pd::swarm {

Picker::Picker(std::uint32_t chunks, std::uint64_t seed)
    : state_(chunks, State::open)
    , copies_(chunks)
    , position_(chunks)
    , missing_(chunks)
    , random_(seed) {
  for (std::uint32_t chunk = 0; chunk < chunks; ++chunk) enter(chunk);
}

void Picker::enter(std::uint32_t chunk) {
  if (buckets_.size() <= copies_[chunk]) buckets_.resize(copies_[chunk] + 1);
  Bucket& bucket = buckets_[copies_[chunk]];
  position_[chunk] = static_cast<std::uint32_t>(bucket.size());
  bucket.push_back(chunk);
  ++open_;
}

void Picker::leave(std::uint32_t chunk) {
  Bucket& bucket = buckets_[copies_[chunk]];
  const std::uint32_t last = bucket.back();
  bucket[position_[chunk]] = last;
  position_[last] = position_[chunk];
  bucket.pop_back();
  --open_;
}

void Picker::count(std::uint32_t chunk, int change) {
  const bool open = state_[chunk] == State::open;
  if (open) leave(chunk);
  copies_[chunk] += static_cast<std::uint32_t>(change);
  if (open) enter(chunk);
}

void Picker::add_source(const ChunkSet& has) {
  for (std::uint32_t chunk = 0; chunk < has.chunks(); ++chunk)
    if (has.has(ChunkIndex{chunk})) count(chunk, 1);
}

void Picker::remove_source(const ChunkSet& has) {
  for (std::uint32_t chunk = 0; chunk < has.chunks(); ++chunk)
    if (has.has(ChunkIndex{chunk})) count(chunk, -1);
}

void Picker::source_gained(ChunkIndex chunk) {
  count(number(chunk), 1);
}

void Picker::source_lost(ChunkIndex chunk) {
  count(number(chunk), -1);
}

std::optional<ChunkIndex> Picker::pick(const ChunkSet& has) {
  for (const Bucket& bucket : buckets_) {
    if (bucket.empty()) continue;
    const std::size_t start = random_() % bucket.size();
    for (std::size_t i = 0; i < bucket.size(); ++i) {
      const std::uint32_t chunk = bucket[(start + i) % bucket.size()];
      if (!has.has(ChunkIndex{chunk})) continue;
      leave(chunk);
      state_[chunk] = State::taken;
      return ChunkIndex{chunk};
    }
  }
  return std::nullopt;
}

void Picker::put_back(ChunkIndex chunk) {
  assert(is_taken(chunk));
  state_[number(chunk)] = State::open;
  enter(number(chunk));
}

void Picker::got(ChunkIndex chunk) {
  State& state = state_[number(chunk)];
  if (state == State::got) return;
  if (state == State::open) leave(number(chunk));
  state = State::got;
  --missing_;
}

} // namespace p2pd::swarm
