// One peer that this node is connected to: dispatches its messages. What it asks goes to Uploads,
// what it answers to the transfer that asked, what it has to the transfers that want it.
// Loop thread only; owned by Links.
#pragma once

#include "daemon/io/alive.hpp"
#include "daemon/io/recycled.hpp"
#include "daemon/links/uploads.hpp"

#include <functional>

namespace p2pd::links {

class Link;
class Links;

// A transfer, as its links see it.
class LinkUser {
 public:
  virtual void on_has_all(Link& link) = 0;
  virtual void on_has(Link& link, const proto::Bitmap& have) = 0;
  virtual void on_gained(Link& link, std::span<const ChunkIndex> chunks) = 0;
  virtual bool has(Link& link, ChunkIndex chunk) const = 0;               // as far as it has told
  virtual void on_sent_chunks(Link& link, const proto::Bitmap& sent) = 0; // to others
  virtual void on_gone(Link& link) = 0; // it has nothing of the content, or nothing any more
  virtual void on_attributes(const proto::FileAttributes& attributes) = 0;
  virtual void on_peers(Link& link,
                        std::span<const proto::PeerInfo> peers) = 0; // others who have some
  virtual void on_manifest_size(Link& link, proto::RequestId request, std::uint32_t size) = 0;
  virtual proto::MutableView segment_space(Link& link, const proto::Segment& segment) = 0;
  virtual void on_segment(Link& link, const proto::Segment& segment) = 0;
  virtual void on_failed(Link& link, const proto::Failed& failed) = 0;
  virtual void on_link_closed(Link& link) = 0;

 protected:
  ~LinkUser() = default;
};

class Link final : private net::SessionListener, private UploadsListener {
 public:
  Link(Links& links, net::Session& session);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  const proto::PeerId& id() const { return session_.id(); }
  const net::Session& session() const { return session_; }

  // For transfers. A transfer wants its content while it uses the link. False: the link is closed,
  // or another one that fetches the same is not done with it; to be tried again. Once the link is
  // closed the others do nothing.
  [[nodiscard]] bool want(const ContentId& content, LinkUser& user);
  void unwant(const ContentId& content, const LinkUser& user);
  // Any copy is asked for from a node that does not know of first ones.
  proto::RequestId request_chunk(const ContentId& content, ChunkIndex chunk, swarm::Copy copy,
                                 LinkUser& user);
  proto::RequestId request_manifest(const ContentId& content, LinkUser& user);
  void cancel(proto::RequestId request); // its answer is not passed on any more
  // The other side is to send no more of it, and to confirm that: on_failed. Until then what comes
  // is passed on.
  void withdraw(proto::RequestId request) { session_.send(proto::Cancel{request}); }
  void finished(proto::RequestId request) { asked_.erase(request); }

  // Whether this node and the other have to do with each other about the content.
  bool shares(const ContentId& content) const {
    return they_want_.contains(content) || wants(content);
  }
  bool wants(const ContentId& content) const { return users_.contains(content); } // this node
  void send(const proto::Message& message) { session_.send(message); }
  // The answer is null when the link is lost before it comes.
  using Answer = std::function<void(const proto::Message*)>;
  void ask(proto::Discover question, Answer answer);

  // The library grew or shrank: tell those who want to know. What the other side has itself it is
  // told later, when all of that fits into a message or two.
  void tell_gained(const ContentId& content, std::span<const ChunkIndex> chunks);
  void tell_known();
  void tell_gone(const ContentId& content);
  // What the other side wanted of a content when this node only fetched its manifest: it is in the
  // library now, or will not be.
  void answer_early(const ContentId& content);

  // Something is awaited from it: once a second. Where its path loses large packets it is dialled
  // anew.
  void watch_path();
  bool note_hole() { return session_.note_hole(); }
  // Large packets on its path were lost, so it has smaller segments.
  bool evades_hole() const;

  bool exempt() const { return uploads_.exempt(); } // from the limits
  void close(const std::string& why) { session_.close(proto::Reason::refused, why); }

 private:
  void on_ready(net::Session&) override {}
  void on_message(net::Session& session, const proto::Message& message) override;
  proto::MutableView segment_space(net::Session& session, const proto::Segment& segment) override;
  void on_segment(net::Session& session, const proto::Segment& segment) override;
  void on_sent(net::Session&) override { uploads_.on_sent(); }
  void on_closed(net::Session& session, const std::string& cause) override;
  net::Usefulness usefulness(const net::Session& session) const override;

  // One for each message that a peer may send; what has no overload is refused.
  void take(const proto::Want& message);
  void take(const proto::Unwant& message);
  void take(const proto::Bitfield& message);
  void take(const proto::HaveAll& message);
  void take(const proto::Have& message);
  void take(const proto::Gone& message);
  void take(const proto::Request& message) { take(message, swarm::Copy::any); }
  void take(const proto::RequestFirst& message) {
    take({message.request, message.content, message.chunk}, swarm::Copy::first);
  }
  void take(const proto::Request& message, swarm::Copy copy);
  void take(const proto::SentChunks& message);
  void take(const proto::ManifestRequest& message);
  void take(const proto::ManifestSize& message);
  void take(const proto::Cancel& message) { uploads_.cancel(message.request); }
  void take(const proto::Failed& message);
  void take(const proto::PeerExchange& message);
  void take(const proto::FileAttributes& message);
  void take(const proto::Discover& message);
  void take(const proto::Shared& message);
  template <class Other>
  void take(const Other& message);

  void on_unreadable(const ContentId& content, const disk::Fault& fault) override;
  bool far() const override;
  void on_elsewhere(const ContentId& content, proto::RequestId request) override;
  // Calls serve(content) when the item is open, now or later; else refuses the request.
  template <class Serve>
  void when_open(library::Item& item, proto::RequestId request, Serve serve);
  LinkUser* user_of(const ContentId& content) const;
  LinkUser* asker_of(proto::RequestId request) const;
  void refuse(proto::RequestId request);
  void send_have(const ContentId& content, std::span<const ChunkIndex> chunks);

  Links& links_;
  net::Session& session_;
  Uploads uploads_;
  struct Wanted {
    std::shared_ptr<swarm::Copies> copies;
    bool fetched = false;   // chunks of it were asked for
    std::uint32_t told = 0; // as Copies::news() has it
  };
  std::map<ContentId, Wanted> they_want_;
  std::map<ContentId, proto::Want> early_;             // before the content was in the library
  std::map<ContentId, std::vector<ChunkIndex>> known_; // gained here, and to be told at leisure
  std::map<ContentId, LinkUser*> users_;               // of contents that this node wants
  std::pmr::unordered_map<proto::RequestId, LinkUser*> asked_{&io::recycled()};
  std::unordered_map<proto::RequestId, Answer> answers_; // for other questions
  std::uint32_t next_request_ = 1;
  io::Time used_ = io::Clock::now(); // something was asked for, either way
  std::size_t opening_ = 0;          // requests that wait until their content is open
  bool closed_ = false;
  io::Alive<Link> alive_{this}; // for what is being opened
};

} // namespace p2pd::links
