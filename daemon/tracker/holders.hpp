// Who has one content, how much of it, and under which names. Most have all of it under one name
// and cost 24 bytes: peers and names are pointers into the catalog's indices, and only partial
// holders have a bitmap. Copies are counted when they are announced, not when they are queried, and
// chunk by chunk only among partial holders.
//
// Sorted by address, which has no meaning: lookup is a binary search, and takes no memory beyond
// the entries. A value of the catalog, whose pointers to peers and names stay valid as long as they
// are used here. Loop thread only.
#pragma once

#include "proto/chunk_copies.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>

namespace p2pd::tracker {

struct Holder; // a peer that has any content
struct Label;  // a name of any content

class Holders final {
 public:
  struct Use { // of the content by a peer, under a name
    Holder* holder;
    Label* label;
    bool claim;
  };

  std::span<const Use> uses() const { return uses_; }
  std::span<const Use> uses_of(const Holder& holder) const; // empty: it does not have it
  Use* find(const Holder& holder, const Label& label);
  bool enter(Holder& holder, Label& label); // whether it is new
  void leave(const Holder& holder);

  // What a known holder has, replacing what it announced before; nothing: all of it. Returns
  // whether it had a part and has all of it now; likewise gained().
  bool told(const Holder& holder, std::optional<proto::ChunkSet> part);
  // Throws proto::Error for a chunk that the content does not have.
  bool gained(const Holder& holder, std::span<const proto::ChunkIndex> chunks, std::uint32_t of);

  bool empty() const { return uses_.empty(); }
  std::uint32_t whole() const { return holders_ - static_cast<std::uint32_t>(parts_.size()); }
  std::uint32_t partial() const { return partial_; } // have some but not all
  std::uint32_t rarest() const;                      // copies of the rarest chunk
  // One of the rarest chunks among partial holders, the `chance`-th modulo their number; nothing if
  // there are no partial holders.
  std::optional<proto::ChunkIndex> rare_chunk(std::size_t chance) const;
  std::size_t bytes_of(const Holder& holder) const; // approximate memory here

  // Null: it has all of it, or none.
  const proto::ChunkSet* part_of(const Holder& holder) const;
  // Calls take(holder, part) for each; `part` is null if it has all of it.
  template <class Take>
  void each(Take&& take) const {
    const Holder* last = nullptr;
    for (const auto& [holder, label, claim] : uses_) {
      if (holder == last) continue;
      last = holder;
      take(*holder, part_of(*holder));
    }
  }

 private:
  using Parts = std::map<const Holder*, proto::ChunkSet>;
  bool forget_part(const Holder& holder); // false: there was none

  std::vector<Use> uses_;
  Parts parts_;                                // of partial holders
  std::unique_ptr<proto::ChunkCopies> copies_; // among these; null: there are none
  std::uint32_t holders_ = 0;
  std::uint32_t partial_ = 0;
};

} // namespace p2pd::tracker
