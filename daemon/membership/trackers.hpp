// All trackers of this peer: tells every one of them what this node has, asks all that are
// connected, and merges what they answer. They come and go while it runs. Loop thread only.
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

  // One that is known by its id or by an address learns the rest. One that had an address and
  // another id makes way, unless either is configured: then each is dialled and tells how it
  // stands.
  TrackerLink& add(const KnownTracker& tracker);
  // One that was found behind a name, and is connected.
  void add_found(const KnownTracker& tracker, net::Session& session);
  TrackerLink* find(const KnownTracker& tracker) const; // the same one, as far as is known
  void remove(TrackerLink& link); // says goodbye; the link is freed at the end of the turn
  // Done when it is connected, or an attempt has failed, or after a bound.
  void await(TrackerLink& link, std::function<void()> done);

  void retry(); // those that are not connected, now: this machine's network has changed

  const std::vector<std::unique_ptr<TrackerLink>>& links() const { return links_; }
  std::size_t connected() const;
  const KnownNames& names() const { return deps_.names; }

  // Answers come when every connected tracker has spoken, or after a second without the rest.
  void resolve(const std::string& word, std::function<void(std::vector<CatalogEntry>)> done);
  // Whatever it may mean; where that is nothing, all that has the NAME of NAME@PEER.
  void find(const std::string& word, std::function<void(std::vector<CatalogEntry>)> done);
  void locate(const ContentId& content, std::function<void(std::vector<net::Told>)> done);
  // All of it, or as much as is wanted; beyond 200,000 rows it is left out, as if it were silent.
  using Listed = std::function<void(std::vector<CatalogEntry>, const Survey::Silent&)>;
  void list(const std::string& pattern, const Listed& done, const Survey::Wanted& wanted = nullptr);
  // A page of it, behind `cursor`, and the cursor of the next, "" where there is none. Where
  // several trackers are connected, what they tell is merged, in one page.
  using ListedPage =
      std::function<void(std::vector<CatalogEntry>, std::string next, const Survey::Silent&)>;
  void list_page(const std::string& pattern, const std::string& cursor,
                 const Survey::Wanted& wanted, const ListedPage& done);
  // Done with the number of trackers that acknowledged, as soon as one has, or with 0.
  void announce(const library::Item& item, std::function<void(std::size_t)> done);
  // Asks that peer, over the trackers, to dial this node.
  void call_back(const PeerId& peer);
  void follow(); // subscribes with all of them to the notices that are wanted now
  // Any other question; see Survey::ask. With no tracker connected nobody is silent.
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
  TrackerLink& append(const KnownTracker& tracker); // a place for its connection is kept
  template <class Use>
  void each_connected(Use&& use) {
    for (const auto& link : links_)
      if (link->state() == TrackerLink::State::connected) use(*link);
  }

  const TrackerDeps deps_;
  io::Bound<void()> connected_; // whichever it is
  bool started_ = false;
  std::vector<std::unique_ptr<TrackerLink>> links_;
  io::Graveyard graveyard_;
  std::map<ContentId, std::vector<ChunkIndex>> arrived_; // since the last message about them
  io::Timer send_arrived_;
  std::list<io::Job> merges_; // of what all of them have listed
};

} // namespace p2pd::membership
