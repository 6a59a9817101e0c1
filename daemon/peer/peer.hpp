// The peer role: puts together what shares, fetches and serves. Loop thread only.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/membership/acquaintances.hpp"
#include "daemon/membership/content_lookup.hpp"
#include "daemon/membership/discovery.hpp"
#include "daemon/membership/membership.hpp"
#include "daemon/peer/auto_fetcher.hpp"
#include "daemon/peer/rate_limits.hpp"
#include "daemon/publishing/auto_publisher.hpp"
#include "daemon/publishing/restorer.hpp"
#include "daemon/publishing/source_watch.hpp"
#include "daemon/publishing/verifier.hpp"
#include "daemon/transfer/transfers.hpp"

namespace p2pd::peer {

class Peer final : public net::SessionListener, private links::LinksListener {
 public:
  Peer(io::Loop& loop, const base::Config& config, net::SessionSet& sessions, state::StateDb& state,
       disk::BufferPool& buffers);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void start(const state::State& state);  // with the state of an earlier run; apply() comes next
  void apply(const base::Config& config); // what a reload can change
  void set_fetches(std::size_t most) { fetch_slots_.set_most(most); } // with open files, at a time
  void on_network(); // it has changed, so links may be dead
  // Permanently; calls once fetched chunks are durable. The sessions are closed after that.
  void stop(std::function<void()> done);

  publishing::Publisher& publisher() { return publisher_; }
  transfer::Transfers& transfers() { return transfers_; }
  membership::NoticeReceiver& notices() { return notices_; }
  membership::KnownNames& names() { return names_; }
  membership::ContentLookup& lookup() { return lookup_; }
  const AutoFetcher& auto_fetcher() const { return auto_fetcher_; }
  membership::Trackers& trackers() { return trackers_; }
  membership::Membership& membership() { return membership_; }
  const membership::Bans& bans() const { return bans_; }
  links::Links& links() { return links_; }
  const library::Inventory& inventory() const { return inventory_; }
  library::Library& library() { return library_; }
  links::Limits& limits() { return limits_; }
  RateLimits& rate_limits() { return rate_limits_; }
  const links::UploadSlots& slots() const { return slots_; }
  const library::Tally& tally() const { return tally_; }

  // Withdraws the content that the word means, here and at the trackers. Durable once `done` is
  // called.
  using Withdrawn = std::function<void(const library::Item&)>;
  using Refused = std::function<void(const Failure&)>;
  void unpublish(const std::string& word, const Withdrawn& done, const Refused& refused);
  void verify(const std::string& word, const publishing::VerifyFollower& follower);
  // Where its own files should be: of the library, offered or not, and of transfers.
  void known_paths(const std::function<void(std::vector<std::string>)>& done);
  // What cannot be read for now; transfers report their own troubles.
  std::vector<library::Trouble> troubles() const;

 private:
  // For incoming sessions.
  void on_ready(net::Session& session) override;
  void on_message(net::Session&, const proto::Message&) override {}
  void on_closed(net::Session&, const std::string&) override {}

  void on_tracker() {
    membership_.sort_bans();
    links_.redial();
    transfers_.on_tracker();
    auto_fetcher_.catch_up();
  }
  void on_link(links::Link& link) override {
    acquaintances_.met(link.session());
    transfers_.on_link(link);
  }
  void on_leecher(links::Link& link, const ContentId& content) override {
    transfers_.on_leecher(link, content);
  }
  void on_slow_dial(const proto::PeerInfo& peer) override { trackers_.call_back(peer.id); }
  void on_dial_back(const net::Told& peer) { links_.dial_back(peer); }
  void on_unreadable(const ContentId& content, const disk::Fault& fault) override {
    if (fault.meaning() != disk::Meaning::exhausted) doubt(content);
  }

  void publish_by_itself(const base::Config& config);
  void doubt(const ContentId& content); // it is offered again once it was checked
  void on_displaced(const std::filesystem::path& path, const ContentId& by);
  void with_own(const std::string& word, const std::function<void(library::Item&)>& use,
                const Refused& refused);
  void withdraw(const library::Item& item, const std::string& word, const Withdrawn& done,
                const Refused& refused);

  io::Loop& loop_;
  state::StateDb& state_;
  const std::shared_ptr<disk::Folders> shared_;
  const std::shared_ptr<disk::Folders> destinations_;
  const library::PeerFolders folders_{shared_, destinations_};
  library::Library library_;
  links::Limits limits_;
  RateLimits rate_limits_;
  library::Tally tally_;
  links::UploadSlots slots_;
  library::Openings openings_;
  membership::Bans bans_;
  library::Inventory inventory_;
  membership::NoticeReceiver notices_;
  membership::KnownNames names_;
  membership::Trackers trackers_;
  membership::Membership membership_;
  membership::Discovery discovery_;
  links::Links links_;
  membership::Acquaintances acquaintances_;
  membership::ContentLookup lookup_;
  publishing::Publisher publisher_;
  transfer::Hooks hooks_;
  transfer::Remover remover_;
  transfer::FetchSlots fetch_slots_;
  transfer::Transfers transfers_;
  AutoFetcher auto_fetcher_;
  publishing::Restorer restorer_;
  publishing::SourceWatch source_watch_;
  publishing::Verifier verifier_;
  std::optional<publishing::AutoPublisher> auto_publisher_; // if the config says so
};

} // namespace p2pd::peer
