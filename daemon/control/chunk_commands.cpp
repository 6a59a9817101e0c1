#include "daemon/control/chunk_commands.hpp"

#include "daemon/control/catalog_commands.hpp"
#include "proto/chunk_copies.hpp"
#include "proto/manifest.hpp"

#include <limits>
#include <map>

namespace p2pd::control {

namespace {

using proto::CatalogEntry;
using proto::ChunkSet;

// The holders of one content, as one or several trackers tell of them.
class Holders {
 public:
  explicit Holders(CatalogEntry entry)
      : entry_(std::move(entry))
      , chunks_(static_cast<std::uint32_t>(proto::chunk_count(entry_.size, entry_.chunk_size))) {}

  const proto::ContentId& content() const { return entry_.content; }

  // Throws proto::Error for bits that do not fit the content.
  void add(const proto::ChunkMap& map) {
    for (const proto::Holder& holder : map.holders) {
      ChunkSet have =
          holder.whole ? ChunkSet(chunks_, true) : ChunkSet::from(holder.have.bits, chunks_);
      Known& known = known_[holder.id];
      known.name = holder.name;
      // Of what two trackers were told, the more is the later.
      if (known.have.chunks() != chunks_ || have.count() > known.have.count())
        known.have = std::move(have);
    }
  }

  Value value(const std::string& warning) const {
    proto::ChunkCopies copies(chunks_);
    Value::Array peers;
    for (const auto& [id, known] : known_) {
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

 private:
  struct Known {
    std::string name;
    ChunkSet have;
  };
  const CatalogEntry entry_;
  const std::uint32_t chunks_;
  std::map<proto::PeerId, Known> known_;
};

// The content that is meant; where it is none or several, answers and returns nothing.
std::shared_ptr<Holders> chosen(const CallPtr& call, const std::vector<CatalogEntry>& rows,
                                const std::string& warning = "") {
  ControlError failure;
  if (auto entry = peer::choose(rows, call->text("content"), failure))
    return std::make_shared<Holders>(std::move(*entry));
  if (!warning.empty()) failure.message += "; " + warning;
  call->error(failure);
  return nullptr;
}

std::vector<CatalogEntry> find(const tracker::Catalog& catalog, const std::string& word) {
  constexpr std::size_t most = 100;
  const auto split = peer::split_name(word);
  std::vector<CatalogEntry> rows = catalog.find(word, most);
  if (!rows.empty() || !split) return rows;
  return peer::of_publisher(catalog.find(split->name, most), split->peer).rows;
}

void ask_trackers(const CallPtr& call, peer::Trackers& trackers,
                  const peer::Trackers::Found& found) {
  if (found.rows.empty() && trackers.connected() == 0)
    return call->error({ExitCode::failed, "no tracker is connected, so nobody can be asked",
                        "p2pctl status tells why"});
  const auto holders = chosen(call, found.rows, found.warning);
  if (holders == nullptr) return;
  trackers.ask_all<proto::ChunkMap>(
      proto::Chunks{{}, holders->content(), {}},
      [holders](const peer::TrackerLink&, const proto::ChunkMap& page) { holders->add(page); },
      [call, holders, &trackers, warning = found.warning](const peer::Survey::Silent& silent) {
        const std::string mute = warning_of(trackers, silent);
        call->ok(holders->value(warning.empty() || mute.empty() ? warning + mute
                                                                : warning + "; " + mute));
      });
}

} // namespace

void bind_chunks(Dispatcher& dispatcher, const tracker::Tracker& tracker) {
  dispatcher.bind("chunks", [&tracker](const CallPtr& call) {
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    const auto holders = chosen(call, find(tracker.catalog(), call->text("content")));
    if (holders == nullptr) return;
    std::string cursor;
    do {
      const proto::ChunkMap page = tracker.catalog().chunk_map(holders->content(), cursor, all);
      holders->add(page);
      cursor = page.next;
    } while (!cursor.empty());
    call->ok(holders->value(""));
  });
}

void bind_chunks(Dispatcher& dispatcher, peer::Peer& peer) {
  dispatcher.bind("chunks", [&peer](const CallPtr& call) {
    peer.trackers().find(call->text("content"), [call, &peer](const peer::Trackers::Found& found) {
      ask_trackers(call, peer.trackers(), found);
    });
  });
}

} // namespace p2pd::control
