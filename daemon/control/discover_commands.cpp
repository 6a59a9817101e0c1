// What a peer shares is asked of that peer first: it alone knows where its files lie. Where it
// cannot be asked, the catalog tells all but the paths.
#include "daemon/control/discover_commands.hpp"

#include "daemon/control/catalog_commands.hpp"
#include "daemon/control/peer_lookup.hpp"
#include "daemon/io/patience.hpp"
#include "proto/manifest.hpp"

#include <map>

namespace p2pd::control {

namespace {

using membership::Survey;
using proto::PeerInfo;

constexpr std::size_t most_files = 20'000; // that a peer may tell of: beyond, nobody reads them

// What is heard of one peer.
struct Told {
  PeerInfo peer;
  std::map<std::pair<proto::ContentId, std::string>, proto::SharedFile> files; // each name once
  bool too_many = false;

  void add(const proto::Shared& page) {
    for (const proto::SharedFile& file : page.files) {
      too_many = too_many || files.size() >= most_files;
      if (!too_many) files.try_emplace({file.content, file.name.bytes}, file);
    }
  }
};
using ToldPtr = std::shared_ptr<Told>;

Value file_value(const proto::SharedFile& file) {
  return {{"name", Value::name(file.name.bytes)},
          {"id", to_text(file.content)},
          {"size", file.size},
          {"chunks", proto::chunk_count(file.size, file.chunk_size)},
          {"chunk_size", file.chunk_size},
          {"path", file.path.empty() ? Value() : Value::name(file.path)}};
}

void answer(const CallPtr& call, const Told& told, std::string warning) {
  Value::Array files;
  for (const auto& [key, file] : told.files) files.push_back(file_value(file));
  if (told.too_many)
    warning = "it shares more than " + std::to_string(most_files) + " files; the rest is left out";
  call->ok({{"peer", peer_value(told.peer)}, {"files", std::move(files)}, {"warning", warning}});
}

constexpr const char* no_paths = "it could not be asked itself, so the paths are not known";

proto::Discover question_about(const Told& told) {
  return {{}, told.peer.id, {}};
}

// Of a peer that is linked; `otherwise` is called where it does not answer.
template <class Ask>
void ask_itself(const CallPtr& call, io::Loop& loop, const ToldPtr& told, const Ask& ask,
                const std::function<void()>& otherwise) {
  const auto survey = std::make_shared<Survey>(loop, [=](const Survey::Silent& silent) {
    if (silent.empty()) return answer(call, *told, "");
    told->files.clear();
    otherwise();
  });
  Survey::ask<proto::Shared>(survey, "itself", ask, question_about(*told),
                             [told](const proto::Shared& page) { told->add(page); });
}

void ask_trackers(const CallPtr& call, membership::Trackers& trackers, const ToldPtr& told) {
  const auto anybody = std::make_shared<bool>(false);
  trackers.ask_all<proto::Shared>(
      question_about(*told),
      [told, anybody](const membership::TrackerLink&, const proto::Shared& page) {
        *anybody = true;
        told->add(page);
      },
      [=](const Survey::Silent&) {
        if (*anybody) return answer(call, *told, no_paths);
        call->error({ExitCode::failed,
                     proto::printable(told->peer.name) +
                         " cannot be reached, and no tracker knows what it shares",
                     "p2pctl ping " + to_text(told->peer.id) + " tells whether it is there"});
      });
}

void discover(const CallPtr& call, Node& node, peer::Peer& peer, const PeerInfo& meant) {
  const auto told = std::make_shared<Told>(Told{meant, {}});
  if (meant.id == node.sessions.id()) {
    std::string cursor;
    do {
      const proto::Shared page = peer.inventory().page(cursor);
      told->add(page);
      cursor = page.next;
    } while (!cursor.empty() && !told->too_many);
    return answer(call, *told, "");
  }
  const net::Session* const session = node.sessions.find(meant.id);
  if (session != nullptr && session->hello().role == proto::Role::tracker)
    return answer(call, *told, "");
  const auto otherwise = [call, told, &peer] { ask_trackers(call, peer.trackers(), told); };
  const auto dialled = std::make_shared<io::Patience<links::Link*>>(
      node.loop, dial_patience, nullptr, [=, &node](links::Link* link) {
        if (link == nullptr) return otherwise();
        ask_itself(
            call, node.loop, told,
            [link](const proto::Discover& question, links::Link::Answer given) {
              link->ask(question, std::move(given));
            },
            otherwise);
      });
  peer.links().reach(meant, [dialled](links::Link* link) { dialled->answer(link); });
}

void discover(const CallPtr& call, Node& node, tracker::Tracker& tracker, const PeerInfo& meant) {
  const auto told = std::make_shared<Told>(Told{meant, {}});
  if (meant.id == node.sessions.id()) return answer(call, *told, "");
  ask_itself(
      call, node.loop, told,
      [&tracker, id = meant.id](const proto::Discover& question, tracker::Tracker::Answer given) {
        tracker.ask(id, question, std::move(given));
      },
      [call, told, &tracker] {
        std::string cursor;
        do {
          const proto::Shared page = tracker.catalog().shared_by(told->peer.id, cursor, most_files);
          told->add(page);
          cursor = page.next;
        } while (!cursor.empty() && !told->too_many);
        answer(call, *told, no_paths);
      });
}

} // namespace

void bind_discover(Dispatcher& dispatcher, Node& node, tracker::Tracker& tracker) {
  dispatcher.bind("discover", [&](const CallPtr& call) {
    look_up(call, node, tracker, [call, &node, &tracker](const PeerInfo& meant) {
      discover(call, node, tracker, meant);
    });
  });
}

void bind_discover(Dispatcher& dispatcher, Node& node, peer::Peer& peer) {
  dispatcher.bind("discover", [&](const CallPtr& call) {
    look_up(call, node, peer,
            [call, &node, &peer](const PeerInfo& meant) { discover(call, node, peer, meant); });
  });
}

} // namespace p2pd::control
