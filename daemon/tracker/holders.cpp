#include "daemon/tracker/holders.hpp"

#include "proto/error.hpp"

#include <algorithm>

namespace p2pd::tracker {

namespace {

struct InOrder {
  using Use = Holders::Use;
  bool operator()(const Use& use, const Holder* holder) const {
    return std::less<>()(use.holder, holder);
  }
  bool operator()(const Holder* holder, const Use& use) const {
    return std::less<>()(holder, use.holder);
  }
};

} // namespace

std::span<const Holders::Use> Holders::uses_of(const Holder& holder) const {
  const auto [first, last] = std::equal_range(uses_.begin(), uses_.end(), &holder, InOrder());
  return {first, last};
}

Holders::Use* Holders::find(const Holder& holder, const Label& label) {
  const auto [first, last] = std::equal_range(uses_.begin(), uses_.end(), &holder, InOrder());
  const auto use = std::find_if(first, last, [&](const Use& one) { return one.label == &label; });
  return use == last ? nullptr : &*use;
}

bool Holders::enter(Holder& holder, Label& label) {
  if (find(holder, label) != nullptr) return false;
  const auto place = std::lower_bound(uses_.begin(), uses_.end(), &holder, InOrder());
  if (place == uses_.end() || place->holder != &holder) ++holders_;
  uses_.insert(place, {&holder, &label, false});
  return true;
}

void Holders::leave(const Holder& holder) {
  forget_part(holder);
  const auto [first, last] = std::equal_range(uses_.begin(), uses_.end(), &holder, InOrder());
  if (first != last) --holders_;
  uses_.erase(first, last);
}

bool Holders::told(const Holder& holder, std::optional<proto::ChunkSet> part) {
  const bool had_part = forget_part(holder);
  if (!part || part->full()) return had_part;
  partial_ += part->empty() ? 0 : 1;
  parts_.emplace(&holder, std::move(*part));
  return false;
}

bool Holders::gained(const Holder& holder, std::span<const proto::ChunkIndex> chunks,
                     std::uint32_t of) {
  for (const proto::ChunkIndex chunk : chunks)
    if (number(chunk) >= of) throw proto::Error("a chunk beyond its content");
  const auto at = parts_.find(&holder);
  if (at == parts_.end()) return false; // it has all of them
  proto::ChunkSet& part = at->second;
  const bool had_none = part.empty();
  for (const proto::ChunkIndex chunk : chunks) part.add(chunk);
  partial_ += had_none && !part.empty() ? 1 : 0;
  return part.full() && forget_part(holder);
}

bool Holders::forget_part(const Holder& holder) {
  const auto part = parts_.find(&holder);
  if (part == parts_.end()) return false;
  partial_ -= part->second.empty() ? 0 : 1;
  parts_.erase(part);
  return true;
}

const proto::ChunkSet* Holders::part_of(const Holder& holder) const {
  const auto part = parts_.find(&holder);
  return part == parts_.end() ? nullptr : &part->second;
}

} // namespace p2pd::tracker
