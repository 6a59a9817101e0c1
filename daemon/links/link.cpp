#include "daemon/links/link.hpp"

#include "daemon/base/log.hpp"
#include "daemon/links/links.hpp"

namespace p2pd::links {

namespace {

constexpr std::size_t most_early = 64;
constexpr io::Clock::duration quiet_time = std::chrono::seconds(1); // before it is asked for a sign

} // namespace

Link::Link(Links& links, net::Session& session)
    : links_(links)
    , session_(session)
    , uploads_(links.deps().loop, links.deps().buffers, links.deps().openings, links.deps().limits,
               links.deps().slots, session, *this) {
  session.listen_to(*this);
}

LinkUser* Link::user_of(const ContentId& content) const {
  const auto found = users_.find(content);
  return found == users_.end() ? nullptr : found->second;
}

LinkUser* Link::asker_of(proto::RequestId request) const {
  const auto found = asked_.find(request);
  return found == asked_.end() ? nullptr : found->second;
}

// What it was asked, beside that it is told what is wanted, has not come yet.
net::Usefulness Link::usefulness(const net::Session&) const {
  const bool asked = asked_.size() > users_.size() || !answers_.empty();
  return {.busy = asked || opening_ > 0 || !uploads_.idle(),
          .wanted = !users_.empty() || !they_want_.empty(),
          .used = used_};
}

bool Link::want(const ContentId& content, LinkUser& user) {
  if (closed_ || !users_.emplace(content, &user).second) return false;
  const proto::RequestId request{next_request_++};
  asked_.emplace(request, &user);
  session_.send(proto::Want{request, content});
  return true;
}

void Link::unwant(const ContentId& content, const LinkUser& user) {
  const auto found = users_.find(content);
  if (found == users_.end() || found->second != &user) return;
  std::erase_if(asked_, [&](const auto& asked) { return asked.second == &user; });
  users_.erase(found);
  session_.send(proto::Unwant{content});
}

proto::RequestId Link::request_chunk(const ContentId& content, ChunkIndex chunk, swarm::Copy copy,
                                     LinkUser& user) {
  const proto::RequestId request{next_request_++};
  asked_.emplace(request, &user);
  used_ = io::Clock::now();
  if (copy == swarm::Copy::first && (session_.hello().features & proto::feature_first_copies) != 0)
    session_.send(proto::RequestFirst{request, content, chunk});
  else
    session_.send(proto::Request{request, content, chunk});
  return request;
}

proto::RequestId Link::request_manifest(const ContentId& content, LinkUser& user) {
  const proto::RequestId request{next_request_++};
  asked_.emplace(request, &user);
  used_ = io::Clock::now();
  session_.send(proto::ManifestRequest{request, content});
  return request;
}

void Link::cancel(proto::RequestId request) {
  if (closed_ || asked_.erase(request) == 0) return;
  session_.skip(request);
  session_.send(proto::Cancel{request});
}

void Link::watch_path() {
  if (io::Clock::now() - session_.last_heard() < quiet_time) return;
  if (session_.in_hole()) return links_.evade_hole(*this);
  session_.ping();
}

bool Link::evades_hole() const {
  return links_.deps().sessions.segment_size_for(session_.remote()) != 0;
}

void Link::tell_gained(const ContentId& content, std::span<const ChunkIndex> chunks) {
  if (!they_want_.contains(content)) return;
  const LinkUser* const user = user_of(content);
  std::vector<ChunkIndex> news;
  for (const ChunkIndex chunk : chunks)
    (user != nullptr && user->has(*this, chunk) ? known_[content] : news).push_back(chunk);
  send_have(content, news);
}

void Link::tell_known() {
  for (const auto& [content, chunks] : std::exchange(known_, {})) send_have(content, chunks);
}

void Link::send_have(const ContentId& content, std::span<const ChunkIndex> chunks) {
  while (!chunks.empty()) {
    proto::Have message{content, {}};
    const auto part = chunks.first(std::min(chunks.size(), message.chunks.max));
    message.chunks.assign(part.begin(), part.end());
    session_.send(message);
    chunks = chunks.subspan(part.size());
  }
}

void Link::take(const proto::Unwant& message) {
  early_.erase(message.content);
  they_want_.erase(message.content);
  known_.erase(message.content);
}

void Link::answer_early(const ContentId& content) {
  if (const auto early = early_.extract(content); !early.empty()) take(early.mapped());
}

void Link::tell_gone(const ContentId& content) {
  known_.erase(content);
  if (they_want_.erase(content) != 0) session_.send(proto::Gone{content});
}

void Link::on_message(net::Session&, const proto::Message& message) {
  std::visit([this](const auto& m) { take(m); }, message);
}

// A segment that nobody waits for (it was cancelled while it travelled) has no space and is
// skipped.
proto::MutableView Link::segment_space(net::Session&, const proto::Segment& segment) {
  LinkUser* const user = asker_of(segment.request);
  return user == nullptr ? proto::MutableView() : user->segment_space(*this, segment);
}

void Link::on_segment(net::Session&, const proto::Segment& segment) {
  if (LinkUser* const user = asker_of(segment.request)) user->on_segment(*this, segment);
}

void Link::refuse(proto::RequestId request) {
  session_.send(proto::Failed{request, proto::Reason::not_found, "not here"});
}

template <class Serve>
void Link::when_open(library::Item& item, proto::RequestId request, Serve serve) {
  if (item.content != nullptr) {
    links_.deps().openings.used(item);
    return serve(*item.content);
  }
  if (opening_ >= Uploads::most_waiting) return uploads_.refuse(request);
  ++opening_;
  const auto on_opened = [id = item.id, request, serve](Link& self,
                                                        const library::Openings::Opened& opened) {
    if (self.closed_) return;
    --self.opening_;
    if (opened) return serve(**opened);
    self.session_.send(proto::Failed{request, reason_of(opened.fault()), "not here now"});
    base::log::warn("uploads", "it cannot be sent now: {}", opened.fault().message);
    self.on_unreadable(id, opened.fault());
  };
  links_.deps().openings.open(item, alive_.guard(on_opened));
}

void Link::on_unreadable(const ContentId& content, const disk::Fault& fault) {
  links_.unreadable(content, fault);
}

bool Link::far() const {
  return links_.far(session_.hello().site);
}

void Link::on_elsewhere(const ContentId& content, proto::RequestId request) {
  if (const auto wanted = they_want_.find(content); wanted != they_want_.end())
    if (auto news = wanted->second.copies->news(wanted->second.told))
      session_.send(proto::SentChunks{content, {news->bits()}});
  session_.send(proto::Failed{request, proto::Reason::elsewhere, "others were sent it"});
}

void Link::take(const proto::Want& message) {
  const library::Item* const item = links_.deps().library.find(message.content);
  if (item == nullptr && links_.fetches(message.content) && early_.size() < most_early) {
    early_.insert_or_assign(message.content, message);
    return;
  }
  if (item == nullptr) return refuse(message.request);
  const auto copies = links_.deps().slots.copies_of(message.content, item->have.chunks());
  if (they_want_.emplace(message.content, Wanted{copies}).second)
    links_.introduce(*this, message.content);
  if (item->attributes && (session_.hello().features & proto::feature_attributes) != 0)
    session_.send(proto::FileAttributes{message.content, item->attributes->executable,
                                        item->attributes->mtime_ns});
  if (item->have.full())
    session_.send(proto::HaveAll{message.content});
  else
    session_.send(proto::Bitfield{message.content, {item->have.bits()}});
}

void Link::take(const proto::Request& message, swarm::Copy copy) {
  used_ = io::Clock::now();
  library::Item* const item = links_.deps().library.find(message.content);
  if (item == nullptr || number(message.chunk) >= item->have.chunks() ||
      !item->have.has(message.chunk))
    return refuse(message.request);
  const auto wanted = they_want_.find(message.content);
  const auto copies = wanted == they_want_.end() ? nullptr : wanted->second.copies;
  if (wanted != they_want_.end() && !std::exchange(wanted->second.fetched, true))
    links_.on_leecher(*this, message.content);
  when_open(*item, message.request,
            [this, message, copy, copies](const library::OpenContent& content) {
              uploads_.serve_chunk(message, copy, content, copies);
            });
}

// Without opening the content.
void Link::take(const proto::ManifestRequest& message) {
  const library::Item* const item = links_.deps().library.find(message.content);
  if (item == nullptr) return refuse(message.request);
  if (item->content != nullptr && item->content->manifest_bytes->size() <= Uploads::small_manifest)
    return uploads_.serve_manifest(message, item->content->manifest_bytes);
  if (opening_ >= Uploads::most_waiting) return uploads_.refuse(message.request);
  ++opening_;
  links_.deps().openings.manifest_size(message.content, alive_.guard([message](
                                                                         Link& self,
                                                                         const disk::Result<
                                                                             std::optional<
                                                                                 std::size_t>>&
                                                                             size) {
    if (self.closed_) return;
    --self.opening_;
    if (!size)
      self.session_.send(proto::Failed{message.request, reason_of(size.fault()), "not here now"});
    else if (!*size)
      self.refuse(message.request);
    else
      self.uploads_.serve_manifest(message, **size);
  }));
}

void Link::take(const proto::Bitfield& message) {
  if (LinkUser* const user = user_of(message.content)) user->on_has(*this, message.have);
}

void Link::take(const proto::HaveAll& message) {
  if (LinkUser* const user = user_of(message.content)) user->on_has_all(*this);
}

void Link::take(const proto::Have& message) {
  if (LinkUser* const user = user_of(message.content)) user->on_gained(*this, message.chunks);
}

void Link::take(const proto::SentChunks& message) {
  if (LinkUser* const user = user_of(message.content)) user->on_sent_chunks(*this, message.sent);
}

void Link::take(const proto::Gone& message) {
  if (LinkUser* const user = user_of(message.content)) user->on_gone(*this);
}

void Link::take(const proto::ManifestSize& message) {
  if (LinkUser* const user = asker_of(message.request))
    user->on_manifest_size(*this, message.request, message.size);
}

void Link::take(const proto::Failed& message) {
  if (LinkUser* const user = asker_of(message.request)) {
    asked_.erase(message.request);
    user->on_failed(*this, message);
  } else if (const auto answer = answers_.extract(message.request)) {
    answer.mapped()(nullptr);
  }
}

void Link::take(const proto::PeerExchange& message) {
  if (LinkUser* const user = user_of(message.content)) user->on_peers(*this, message.peers);
}

void Link::take(const proto::FileAttributes& message) {
  if (LinkUser* const user = user_of(message.content)) user->on_attributes(message);
}

void Link::ask(proto::Discover question, Answer answer) {
  if (closed_) return answer(nullptr);
  question.request = proto::RequestId{next_request_++};
  answers_.emplace(question.request, std::move(answer));
  session_.send(question);
}

void Link::take(const proto::Discover& message) {
  session_.send(links_.deps().inventory.answer(message));
}

void Link::take(const proto::Shared& message) {
  const auto answer = answers_.extract(message.request);
  if (answer.empty()) return; // nobody waits for it any more
  const proto::Message given = message;
  answer.mapped()(&given);
}

template <class Other>
void Link::take(const Other& message) {
  const std::string why = "a peer does not answer " + std::string(message.title);
  if constexpr (requires { message.request; })
    session_.send(proto::Failed{message.request, proto::Reason::bad_request, why});
  else
    throw proto::Error(why);
}

void Link::on_closed(net::Session& session, const std::string&) {
  closed_ = true;
  if (session.stranded() && (!users_.empty() || !they_want_.empty()))
    links_.stranded(session.info());
  uploads_.stop();
  asked_.clear();
  for (const auto& [content, user] : std::exchange(users_, {})) user->on_link_closed(*this);
  for (const auto& [request, answer] : std::exchange(answers_, {})) answer(nullptr);
  links_.retire(*this);
}

} // namespace p2pd::links
