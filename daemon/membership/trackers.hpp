// All trackers of this peer: announces what this node has to each, queries all that are connected,
// and merges their answers. Trackers may come and go. Loop thread only.
#pragma once

#include "daemon/io/graveyard.hpp"
#include "daemon/io/job.hpp"
#include "daemon/lookup/contents.hpp"
#include "daemon/membership/survey.hpp"
#include "daemon/membership/tracker_link.hpp"

#include <list>

namespace p2pd::membership {

using proto::ChunkIndex;

using proto::CatalogEntry;
using proto::PeerId;

class Trackers final : private library::LibraryListener {
 public:
  Trackers(const TrackerDeps& deps, io::Bound<void()> connected);
  Trackers(const Trackers&) = delete;
  Trackers& operator=(const Trackers&) = delete;

  void start(); // once this node is a member
  void stop();

  // Merges it with one that has the same id or address. One with the same address and another id is
  // replaced, unless either is configured: then both are dialled, and status shows the outcome.
  TrackerLink& add(const KnownTracker& tracker);
  // One that was discovered behind a name, and is connected.
  void add_found(const KnownTracker& tracker, net::Session& session);
  TrackerLink* find(const KnownTracker& tracker) const; // as far as is known
  void remove(TrackerLink& link); // says goodbye; frees the link at the end of the loop iteration
  // Calls once it is connected, an attempt has failed, or time is up.
  void await(TrackerLink& link, std::function<void()> done);

  void retry(); // redials those not connected: this machine's network has changed

  const std::vector<std::unique_ptr<TrackerLink>>& links() const { return links_; }
  std::size_t connected() const;
  const KnownNames& names() const { return deps_.names; }

  // Queries end when every connected tracker has answered, or after a second without the rest.
  void resolve(const std::string& word, std::function<void(std::vector<CatalogEntry>)> done);
  // All matches; if there is none, those of the NAME of NAME@PEER.
  void find(const std::string& word, std::function<void(std::vector<CatalogEntry>)> done);
  void locate(const ContentId& content, std::function<void(std::vector<net::Told>)> done);
  // All of it, or as much as is wanted; beyond 200,000 rows a tracker counts as silent.
  using Listed = std::function<void(std::vector<CatalogEntry>, const Survey::Silent&)>;
  void list(const std::string& pattern, const Listed& done, const Survey::Wanted& wanted = nullptr);
  // One page behind `cursor`, and the next cursor, "" on the last. With several trackers connected,
  // their lists are merged into one page.
  using ListedPage =
      std::function<void(std::vector<CatalogEntry>, std::string next, const Survey::Silent&)>;
  void list_page(const std::string& pattern, const std::string& cursor,
                 const Survey::Wanted& wanted, const ListedPage& done);
  // Calls with the number of trackers that acknowledged, once one has, or with 0.
  void announce(const library::Item& item, std::function<void(std::size_t)> done);
  // Asks that peer, through the trackers, to dial this node.
  void call_back(const PeerId& peer);
  void follow(); // subscribes with all of them to the notices that are wanted now
  // Any other query; see Survey::ask. Without connected trackers none is silent.
  template <class Page, class Question, class Use>
  void ask_all(const Question& question, const Use& use, Survey::Done done,
               Survey::Wanted wanted = nullptr) {
    if (connected() == 0) return done({});
    const auto survey = std::make_shared<Survey>(deps_.loop, std::move(done), std::move(wanted));
    each_connected([&](TrackerLink& link) {
      Survey::ask<Page>(
          survey, to_text(link.address()),
          [&link](const Question& asked, TrackerLink::Answer answer) {
            link.ask(asked, std::move(answer));
          },
          question, [&link, use](const Page& page) { use(std::as_const(link), page); });
    });
  }

 private:
  void on_gained(const library::Item& item, ChunkIndex chunk) override;
  void on_lost(const library::Item& item) override {
    announce(item, [](std::size_t) {});
  }
  void on_removed(const ContentId& content) override;
  void send_arrived();
  TrackerLink& append(const KnownTracker& tracker); // reserves a connection for it
  template <class Use>
  void each_connected(Use&& use) {
    for (const auto& link : links_)
      if (link->state() == TrackerLink::State::connected) use(*link);
  }

  const TrackerDeps deps_;
  io::Bound<void()> connected_; // any of them
  bool started_ = false;
  std::vector<std::unique_ptr<TrackerLink>> links_;
  io::Graveyard graveyard_;
  std::map<ContentId, std::vector<ChunkIndex>> arrived_; // not announced yet
  io::Timer send_arrived_;
  std::list<io::Job> merges_; // of the lists of all trackers
};

} // namespace p2pd::membership
