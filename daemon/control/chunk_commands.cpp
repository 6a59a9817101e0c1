#include "daemon/control/chunk_commands.hpp"

#include "daemon/control/catalog_commands.hpp"
#include "daemon/control/holder_map.hpp"

#include <limits>

namespace p2pd::control {

namespace {

ControlError nobody_offers(const std::string& word) {
  return {ExitCode::not_found, "nobody offers " + lookup::quoted(word),
          "p2pctl files lists what there is"};
}

lookup::Meaning meaning_of(const tracker::Catalog& catalog, const std::string& word) {
  constexpr std::size_t most = 100;
  lookup::Contents contents{catalog.find(word, most)};
  if (const auto split = lookup::split_name(word); split && contents.rows.empty())
    contents.rows = catalog.find(split->name, most);
  return lookup::choose_content(contents, word, std::nullopt, nobody_offers(word));
}

void ask_trackers(const CallPtr& call, membership::Trackers& trackers,
                  const lookup::Meaning& meaning) {
  if (trackers.connected() == 0)
    return call->error({ExitCode::failed, "no tracker is connected, so nobody can be asked",
                        "p2pctl status tells why"});
  if (!meaning.entry) return call->error(meaning.failure);
  const auto holders = std::make_shared<HolderMap>(*meaning.entry);
  trackers.ask_all<proto::ChunkMap>(
      proto::Chunks{{}, holders->content(), {}},
      [holders](const membership::TrackerLink&, const proto::ChunkMap& page) {
        holders->add(page);
      },
      [call, holders, &trackers,
       warning = meaning.warning](const membership::Survey::Silent& silent) {
        const std::string mute = warning_of(trackers, silent);
        call->ok(holders->value(warning.empty() || mute.empty() ? warning + mute
                                                                : warning + "; " + mute));
      });
}

} // namespace

void bind_chunks(Dispatcher& dispatcher, const tracker::Tracker& tracker) {
  dispatcher.bind("chunks", [&tracker](const CallPtr& call) {
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    const lookup::Meaning meaning = meaning_of(tracker.catalog(), call->text("content"));
    if (!meaning.entry) return call->error(meaning.failure);
    HolderMap holders(*meaning.entry);
    std::string cursor;
    do {
      const proto::ChunkMap page = tracker.catalog().chunk_map(holders.content(), cursor, all);
      holders.add(page);
      cursor = page.next;
    } while (!cursor.empty());
    call->ok(holders.value(""));
  });
}

void bind_chunks(Dispatcher& dispatcher, peer::Peer& peer) {
  dispatcher.bind("chunks", [&peer](const CallPtr& call) {
    const std::string word = call->text("content");
    peer.lookup().find_listed(word, nobody_offers(word),
                              [call, &peer](const lookup::Meaning& meaning) {
                                ask_trackers(call, peer.trackers(), meaning);
                              });
  });
}

} // namespace p2pd::control
