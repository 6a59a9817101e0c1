#include "daemon/swarm/picker.hpp"

#include <algorithm>
#include <cassert>

namespace p2pd::swarm {

Picker::Picker(const ChunkSet& wanted, Order order, std::uint64_t seed)
    : order_(order)
    , state_(wanted.chunks(), State::unwanted)
    , copies_(wanted.chunks())
    , elsewhere_(wanted.chunks())
    , expected_(wanted.chunks())
    , position_(wanted.chunks())
    , missing_(wanted.count())
    , random_(seed) {
  wanted.each([this](ChunkIndex chunk) {
    state_[number(chunk)] = State::open;
    enter(number(chunk));
  });
}

void Picker::enter(std::uint32_t chunk) {
  if (buckets_.size() <= copies_[chunk]) buckets_.resize(copies_[chunk] + 1);
  Bucket& bucket = buckets_[copies_[chunk]];
  position_[chunk] = static_cast<std::uint32_t>(bucket.size());
  bucket.push_back(chunk);
  lowest_ = std::min(lowest_, chunk);
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
  has.each([this](ChunkIndex chunk) { count(number(chunk), 1); });
}

void Picker::remove_source(const ChunkSet& has) {
  has.each([this](ChunkIndex chunk) { count(number(chunk), -1); });
}

// The first that has it is taken for the one that was expected to.
void Picker::source_gained(ChunkIndex chunk) {
  if (expected_[number(chunk)])
    expected_[number(chunk)] = false;
  else
    count(number(chunk), 1);
}

void Picker::sent_elsewhere(ChunkIndex chunk) {
  const std::uint32_t index = number(chunk);
  if (copies_[index] == 0) {
    expected_[index] = true;
    count(index, 1);
  }
  elsewhere_[index] = true;
}

void Picker::source_lost(ChunkIndex chunk) {
  count(number(chunk), -1);
}

std::optional<ChunkIndex> Picker::pick(const ChunkSet& has, bool counted) {
  const auto chunk = order_ == Order::in_order ? lowest(has) : rarest(has, counted);
  if (!chunk) return std::nullopt;
  leave(*chunk);
  state_[*chunk] = State::taken;
  return ChunkIndex{*chunk};
}

// What a counted source has is in no bucket of chunks without a copy.
std::optional<std::uint32_t> Picker::rarest(const ChunkSet& has, bool counted) {
  for (std::size_t copies = counted ? 1 : 0; copies < buckets_.size(); ++copies) {
    const Bucket& bucket = buckets_[copies];
    if (bucket.empty()) continue;
    const std::size_t start = random_() % bucket.size();
    for (std::size_t i = 0; i < bucket.size(); ++i) {
      const std::uint32_t chunk = bucket[(start + i) % bucket.size()];
      if (has.has(ChunkIndex{chunk})) return chunk;
    }
  }
  return std::nullopt;
}

std::optional<std::uint32_t> Picker::lowest(const ChunkSet& has) {
  const auto chunks = static_cast<std::uint32_t>(state_.size());
  while (lowest_ < chunks && state_[lowest_] != State::open) ++lowest_;
  for (std::uint32_t chunk = lowest_; chunk < chunks; ++chunk)
    if (state_[chunk] == State::open && has.has(ChunkIndex{chunk})) return chunk;
  return std::nullopt;
}

bool Picker::is_sole(const ChunkSet& has) const {
  return buckets_.size() > 1 && std::ranges::any_of(buckets_[1], [&](std::uint32_t chunk) {
           return has.has(ChunkIndex{chunk});
         });
}

void Picker::put_back(ChunkIndex chunk) {
  assert(is_taken(chunk));
  state_[number(chunk)] = State::open;
  enter(number(chunk));
}

void Picker::got(ChunkIndex chunk) {
  State& state = state_[number(chunk)];
  if (state == State::open) leave(number(chunk));
  if (state == State::open || state == State::taken) --missing_;
  state = State::got;
}

} // namespace p2pd::swarm
