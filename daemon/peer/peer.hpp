// The peer role: what this node shares, fetches and serves, put together. Loop thread only.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/peer/publisher.hpp"
#include "daemon/peer/transfers.hpp"

namespace p2pd::peer {

class Peer final : public net::SessionListener, private LinksListener {
 public:
  Peer(io::Loop& loop, const base::Config& config, net::SessionSet& sessions,
       disk::BufferPool& buffers);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  void start();
  void stop(); // for good; the sessions are closed next

  Publisher& publisher() { return publisher_; }
  Transfers& transfers() { return transfers_; }
  Trackers& trackers() { return trackers_; }
  Library& library() { return library_; }

  // Withdraws the content that the word means, here and at the trackers.
  std::optional<Failure> unpublish(std::string_view word, Item& withdrawn);

 private:
  // For sessions that others began.
  void on_ready(net::Session& session) override;
  void on_message(net::Session&, const proto::Message&) override {}
  void on_closed(net::Session&, const std::string&) override {}

  void on_link(Link& link) override { transfers_.on_link(link); }

  Library library_;
  Trackers trackers_;
  Links links_;
  Publisher publisher_;
  Transfers transfers_;
  net::SessionSet& sessions_;
};

} // namespace p2pd::peer
