// The peer role: what this node shares, fetches and serves, put together. Loop thread only.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/peer/acquaintances.hpp"
#include "daemon/peer/auto_fetcher.hpp"
#include "daemon/peer/auto_publisher.hpp"
#include "daemon/peer/content_lookup.hpp"
#include "daemon/peer/discovery.hpp"
#include "daemon/peer/membership.hpp"
#include "daemon/peer/restorer.hpp"
#include "daemon/peer/source_watch.hpp"
#include "daemon/peer/transfers.hpp"
#include "daemon/peer/verifier.hpp"

namespace p2pd::peer {

class Peer final : public net::SessionListener, private LinksListener {
 public:
  Peer(io::Loop& loop, const base::Config& config, net::SessionSet& sessions, disk::StateDb& state,
       disk::BufferPool& buffers);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void start(const disk::State& state);   // with what an earlier run left; apply() comes next
  void apply(const base::Config& config); // what a reload can change
  void set_fetches(std::size_t most) { fetch_slots_.set_most(most); } // that have files open
  void on_network(); // it has changed, and links may have been lost by that
  // For good; done when what was fetched is durable. The sessions are closed next.
  void stop(std::function<void()> done);

  Publisher& publisher() { return publisher_; }
  Transfers& transfers() { return transfers_; }
  Notices& notices() { return notices_; }
  KnownNames& names() { return names_; }
  ContentLookup& lookup() { return lookup_; }
  const AutoFetcher& auto_fetcher() const { return auto_fetcher_; }
  Trackers& trackers() { return trackers_; }
  Membership& membership() { return membership_; }
  const Bans& bans() const { return bans_; }
  Links& links() { return links_; }
  const Inventory& inventory() const { return inventory_; }
  Library& library() { return library_; }
  Limits& limits() { return limits_; }
  const UploadSlots& slots() const { return slots_; }
  const Tally& tally() const { return tally_; }

  // Withdraws the content that the word means, here and at the trackers. Durable when `done` comes.
  using Withdrawn = std::function<void(const Item&)>;
  using Refused = std::function<void(const Failure&)>;
  void unpublish(const std::string& word, const Withdrawn& done, const Refused& refused);
  void verify(const std::string& word, const VerifyFollower& follower);
  // Where there should be something of its own: of the library, offered or not, and of transfers.
  void known_paths(const std::function<void(std::vector<std::string>)>& done);
  // What cannot be read or looked at for now; transfers tell for themselves.
  std::vector<Trouble> troubles() const;

 private:
  // For sessions that others began.
  void on_ready(net::Session& session) override;
  void on_message(net::Session&, const proto::Message&) override {}
  void on_closed(net::Session&, const std::string&) override {}

  void on_tracker() {
    membership_.sort_bans();
    links_.redial();
    transfers_.on_tracker();
    auto_fetcher_.catch_up();
  }
  void on_link(Link& link) override {
    acquaintances_.met(link.session());
    transfers_.on_link(link);
  }
  void on_leecher(Link& link, const ContentId& content) override {
    transfers_.on_leecher(link, content);
  }
  void on_slow_dial(const proto::PeerInfo& peer) override { trackers_.call_back(peer.id); }
  void on_dial_back(const net::Told& peer) { links_.dial_back(peer); }
  void on_unreadable(const ContentId& content, const disk::Fault& fault) override {
    if (fault.meaning() != disk::Meaning::exhausted) doubt(content);
  }

  void publish_by_itself(const base::Config& config);
  void doubt(const ContentId& content); // offered again when it was looked at
  void on_displaced(const std::filesystem::path& path, const ContentId& by);
  void with_own(const std::string& word, const std::function<void(Item&)>& use,
                const Refused& refused);
  void withdraw(const Item& item, const std::string& word, const Withdrawn& done,
                const Refused& refused);

  io::Loop& loop_;
  disk::StateDb& state_;
  const std::shared_ptr<disk::Folders> shared_;
  const std::shared_ptr<disk::Folders> destinations_;
  const PeerFolders folders_{shared_, destinations_};
  Library library_;
  Limits limits_;
  Tally tally_;
  UploadSlots slots_;
  Openings openings_;
  Bans bans_;
  Inventory inventory_;
  Notices notices_;
  KnownNames names_;
  Trackers trackers_;
  Membership membership_;
  Discovery discovery_;
  Links links_;
  Acquaintances acquaintances_;
  ContentLookup lookup_;
  Publisher publisher_;
  Hooks hooks_;
  Remover remover_;
  FetchSlots fetch_slots_;
  Transfers transfers_;
  AutoFetcher auto_fetcher_;
  Restorer restorer_;
  SourceWatch source_watch_;
  Verifier verifier_;
  std::optional<AutoPublisher> auto_publisher_; // if the config says so
};

} // namespace p2pd::peer
