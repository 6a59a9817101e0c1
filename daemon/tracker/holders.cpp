#include "daemon/tracker/holders.hpp"

#include "daemon/tracker/catalog.hpp"

#include <algorithm>
#include <bit>

namespace p2pd::tracker {

namespace {

// A content with one name and one holder, without the text of the name.
constexpr std::size_t use_bytes = 400;

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
  if (copies_ == nullptr) copies_ = std::make_unique<proto::ChunkCopies>(part->chunks());
  copies_->add(*part);
  parts_.emplace(&holder, std::move(*part));
  return false;
}

bool Holders::gained(const Holder& holder, std::span<const proto::ChunkIndex> chunks,
                     std::uint32_t of) {
  for (const proto::ChunkIndex chunk : chunks)
    if (number(chunk) >= of) throw proto::Error("a chunk beyond its content");
  const auto at = parts_.find(&holder);
  if (at == parts_.end()) return false; // it has all chunks
  proto::ChunkSet& part = at->second;
  const bool had_none = part.empty();
  for (const proto::ChunkIndex chunk : chunks)
    if (part.add(chunk)) copies_->add(chunk);
  partial_ += had_none && !part.empty() ? 1 : 0;
  return part.full() && forget_part(holder);
}

bool Holders::forget_part(const Holder& holder) {
  const auto part = parts_.find(&holder);
  if (part == parts_.end()) return false;
  partial_ -= part->second.empty() ? 0 : 1;
  copies_->remove(part->second);
  parts_.erase(part);
  if (parts_.empty()) copies_.reset();
  return true;
}

const proto::ChunkSet* Holders::part_of(const Holder& holder) const {
  const auto part = parts_.find(&holder);
  return part == parts_.end() ? nullptr : &part->second;
}

std::uint32_t Holders::rarest() const {
  return whole() + (copies_ == nullptr ? 0 : copies_->rarest().copies);
}

std::optional<proto::ChunkIndex> Holders::rare_chunk(std::size_t chance) const {
  if (copies_ == nullptr) return std::nullopt;
  std::vector<std::uint64_t> words = copies_->rarest().chunks;
  std::size_t count = 0;
  for (const std::uint64_t word : words) count += static_cast<std::size_t>(std::popcount(word));
  std::size_t skipped = chance % count; // at least one, as an empty part is counted, too
  std::size_t at = 0;
  for (; skipped >= static_cast<std::size_t>(std::popcount(words[at])); ++at)
    skipped -= static_cast<std::size_t>(std::popcount(words[at]));
  for (; skipped > 0; --skipped) words[at] &= words[at] - 1;
  return proto::ChunkIndex{static_cast<std::uint32_t>(at * 64) +
                           static_cast<std::uint32_t>(std::countr_zero(words[at]))};
}

std::size_t Holders::bytes_of(const Holder& holder) const {
  std::size_t bytes = 0;
  for (const Use& use : uses_of(holder)) bytes += use_bytes + use.label->name->size();
  const proto::ChunkSet* const part = part_of(holder);
  return bytes + (part == nullptr ? 0 : 2 * part->words().size_bytes()); // twice: with its copies
}

} // namespace p2pd::tracker
