// Which peers hold which chunks of one content, merged from what one or several trackers tell: the
// answer of the command "chunks". Thread: any; a value.
#pragma once

#include "proto/chunk_set.hpp"
#include "proto/control/value.hpp"
#include "proto/tracker_messages.hpp"

#include <map>

namespace p2pd::control {

class HolderMap final {
 public:
  explicit HolderMap(proto::CatalogEntry entry);

  const proto::ContentId& content() const { return entry_.content; }

  // One page of a tracker's map. Of what two trackers know of one peer, the larger set counts:
  // peers gain chunks. Throws proto::Error for a bitmap that does not fit the content.
  void add(const proto::ChunkMap& page);

  // As the command table describes it.
  proto::Value value(const std::string& warning) const;

 private:
  struct Known {
    std::string name;
    proto::ChunkSet have;
  };

  proto::CatalogEntry entry_;
  std::uint32_t chunks_;
  std::map<proto::PeerId, Known> peers_;
};

} // namespace p2pd::control
