#include "daemon/control/holder_map.hpp"

#include "proto/chunk_copies.hpp"
#include "proto/manifest.hpp"

namespace p2pd::control {

using proto::ChunkSet;
using proto::Value;

HolderMap::HolderMap(proto::CatalogEntry entry)
    : entry_(std::move(entry))
    , chunks_(static_cast<std::uint32_t>(proto::chunk_count(entry_.size, entry_.chunk_size))) {}

void HolderMap::add(const proto::ChunkMap& page) {
  for (const proto::Holder& holder : page.holders) {
    ChunkSet have =
        holder.whole ? ChunkSet(chunks_, true) : ChunkSet::from(holder.have.bits, chunks_);
    Known& known = peers_[holder.id];
    known.name = holder.name;
    if (known.have.chunks() != chunks_ || have.count() > known.have.count())
      known.have = std::move(have);
  }
}

Value HolderMap::value(const std::string& warning) const {
  proto::ChunkCopies copies(chunks_);
  Value::Array peers;
  for (const auto& [id, known] : peers_) {
    known.have.full() ? copies.add_whole() : copies.add(known.have);
    peers.push_back({{"name", Value::name(known.name)},
                     {"id", to_text(id)},
                     {"have", known.have.count()},
                     {"bitmap_hex", proto::hex(known.have.bits())}});
  }
  return {{"content", to_text(entry_.content)},
          {"name", Value::name(entry_.name.bytes)},
          {"chunks", chunks_},
          {"rarest", copies.rarest().copies},
          {"peers", std::move(peers)},
          {"warning", warning}};
}

} // namespace p2pd::control
