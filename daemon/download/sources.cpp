#include "daemon/download/sources.hpp"

#include <random>

namespace p2pd::download {

namespace {

constexpr std::size_t most_located = 1000; // of one content; a tracker tells of 50 at a time

} // namespace

Sources::Sources(io::Loop& loop, membership::Trackers& trackers, links::Links& links,
                 const ContentId& content, const std::vector<std::string>& from)
    : trackers_(trackers)
    , links_(links)
    , content_(content)
    , from_(from)
    , neighbours_(std::random_device{}())
    , seek_(loop, io::bind<&Sources::seek>(this)) {}

Sources::~Sources() {
  leave();
}

void Sources::leave() {
  manifest_ = nullptr;
  download_ = nullptr;
  left_ = true;
  seek_.stop();
  offers_.clear();
  for (links::Link* const link : std::exchange(used_, {})) link->unwant(content_, *this);
  links_.answer_early(content_);
}

void Sources::locate() {
  trackers_.locate(content_, alive_.guard([](Sources& self, const std::vector<net::Told>& sources) {
    self.on_located(sources);
  }));
}

void Sources::on_located(const std::vector<net::Told>& sources) {
  if (trackers_.connected() == 0) return told_.reset();
  told_ = sources.size();
  for (auto& [id, located] : located_) located.current = false;
  meet(sources);
}

void Sources::on_peers(links::Link& link, std::span<const proto::PeerInfo> peers) {
  std::vector<net::Told> told;
  for (const proto::PeerInfo& peer : peers) told.emplace_back(peer, link.session().remote());
  meet(told);
}

// Those that no tracker told of in its last answer, and no link goes to, make way.
bool Sources::has_room_for(const proto::PeerId& id) {
  if (located_.size() < most_located || located_.contains(id)) return true;
  std::erase_if(located_, [this](const auto& each) {
    if (each.second.current || links_.find(each.first) != nullptr) return false;
    neighbours_.forget(each.first);
    return true;
  });
  return located_.size() < most_located;
}

void Sources::meet(const std::vector<net::Told>& all) {
  for (const net::Told& told : all) from_.hear_of(lookup::node_of(told.node), known_);
  for (const net::Told& told : all) {
    links::Link* const link = hear_of(told) ? links_.find(told.node.id) : nullptr;
    if (link != nullptr) on_link(*link);
  }
  seek();
}

bool Sources::hear_of(const net::Told& peer) {
  const proto::PeerId& id = peer.node.id;
  const bool wanted = from_.wants(lookup::node_of(peer.node), known_);
  if (left_ || id == links_.self() || !wanted || !has_room_for(id)) return false;
  Located& located = located_[id];
  const bool moved = located.peer.node.addresses != peer.node.addresses;
  located = {peer, true};
  neighbours_.heard(id, links_.far(peer.node.site));
  if (moved || neighbours_.size() == 0) neighbours_.retry(id);
  return true;
}

void Sources::on_leecher(links::Link& link) {
  if (!used_.contains(&link)) meet({{link.session().info(), link.session().remote()}});
}

void Sources::on_link(links::Link& link) {
  if (left_ || used_.contains(&link) || !neighbours_.welcome(link.id())) return;
  take(link);
}

void Sources::take(links::Link& link) {
  if (!link.want(content_, *this)) return;
  used_.insert(&link);
  neighbours_.joined(link.id(), io::Clock::now());
}

// Whoever does not answer soon makes way for the next, and is a neighbour when it answers later.
void Sources::seek() {
  if (left_) return;
  const io::Time now = io::Clock::now();
  while (const auto id = neighbours_.next(now)) {
    if (links::Link* const link = links_.find(*id)) {
      take(*link);
    } else {
      dialled_.insert(*id);
      links_.reach(located_.at(*id).peer);
    }
  }
  if (neighbours_.trying() && !seek_.active())
    seek_.once(io::ceil_milliseconds(swarm::Neighbours::patience));
}

void Sources::review() {
  const io::Time now = io::Clock::now();
  std::erase_if(dialled_, [&](const proto::PeerId& id) {
    if (links_.dialling(id)) return false;
    if (links_.find(id) == nullptr) neighbours_.failed(id, now);
    return true;
  });
  const bool due = neighbours_.due(now);
  std::vector<swarm::Neighbours::Use> uses;
  for (links::Link* const link : used_) {
    const auto offer = offers_.find(link);
    const bool whole = offer != offers_.end() &&
                       (download_ == nullptr ? !offer->second : download_->is_whole(*link));
    uses.push_back({.id = link->id(),
                    .given = link->session().payload_received(),
                    .whole = whole,
                    .busy = download_ != nullptr && download_->awaits(*link),
                    .sole = due && download_ != nullptr && download_->is_sole(*link)});
  }
  if (const auto id = neighbours_.let_go(uses, now))
    if (links::Link* const link = links_.find(*id)) {
      link->unwant(content_, *this);
      drop(*link);
    }
  seek();
}

void Sources::serve(ManifestFetch* taker) {
  manifest_ = taker;
  offer_all();
}

void Sources::serve(Download* taker, std::uint32_t chunks) {
  if (manifest_ != nullptr) std::exchange(manifest_, nullptr)->stop();
  download_ = taker;
  chunks_ = chunks;
  offer_all();
}

void Sources::offer_all() {
  std::vector<links::Link*> links; // offering may close one
  for (const auto& [link, have] : offers_) links.push_back(link);
  for (links::Link* const link : links) offer(*link);
}

void Sources::offer(links::Link& link) {
  if (manifest_ != nullptr) return manifest_->add_source(link);
  if (download_ == nullptr) return;
  const auto& have = offers_.at(&link);
  try {
    download_->add_source(link, have ? proto::ChunkSet::from(have->bits, chunks_)
                                     : proto::ChunkSet(chunks_, true));
  } catch (const proto::Error& error) { // it spoke before the manifest could tell
    link.close(error.what());
  }
}

void Sources::watch() {
  review();
  std::vector<links::Link*> awaited; // looking at one may close it
  for (const auto& [link, have] : offers_)
    if ((manifest_ != nullptr && manifest_->awaits(*link)) ||
        (download_ != nullptr && download_->awaits(*link)))
      awaited.push_back(link);
  for (links::Link* const link : awaited) link->watch_path();
}

// Told once: who tells it again is not taken for a new source, which was asked for nothing yet.
void Sources::on_has_all(links::Link& link) {
  neighbours_.whole(link.id());
  seek(); // whole ones leave room for others
  if (offers_.emplace(&link, std::nullopt).second) offer(link);
}

void Sources::on_has(links::Link& link, const proto::Bitmap& have) {
  if (offers_.emplace(&link, have).second) offer(link);
}

void Sources::on_gained(links::Link& link, std::span<const ChunkIndex> chunks) {
  const auto found = offers_.find(&link);
  if (found == offers_.end() || !found->second) return;
  for (const ChunkIndex chunk : chunks) {
    proto::Bytes& bits = found->second->bits;
    if (number(chunk) / 8 >= bits.size()) throw proto::Error("a chunk beyond its content");
    bits[number(chunk) / 8] |= static_cast<std::uint8_t>(0x80U >> (number(chunk) % 8));
  }
  if (download_ != nullptr) download_->source_gained(link, chunks);
}

bool Sources::has(links::Link& link, ChunkIndex chunk) const {
  const auto found = offers_.find(&link);
  if (found == offers_.end()) return false;
  if (!found->second) return true;
  const proto::Bytes& bits = found->second->bits;
  const std::uint32_t at = number(chunk);
  return at / 8 < bits.size() && (bits[at / 8] & (0x80U >> (at % 8))) != 0;
}

void Sources::on_attributes(const proto::FileAttributes& attributes) {
  if (!attributes_) attributes_ = disk::Attributes(attributes.executable, attributes.mtime_ns);
}

// It may have the content again: it is asked again after a rest.
void Sources::on_gone(links::Link& link) {
  link.unwant(content_, *this);
  on_link_closed(link);
}

void Sources::on_link_closed(links::Link& link) {
  neighbours_.failed(link.id(), io::Clock::now());
  drop(link);
}

void Sources::drop(links::Link& link) {
  used_.erase(&link);
  offers_.erase(&link);
  if (manifest_ != nullptr) manifest_->remove_source(link);
  if (download_ != nullptr) download_->remove_source(link);
}

void Sources::on_manifest_size(links::Link& link, proto::RequestId request, std::uint32_t size) {
  if (manifest_ != nullptr) manifest_->on_size(link, request, size);
}

proto::MutableView Sources::segment_space(links::Link& link, const proto::Segment& segment) {
  if (download_ != nullptr) return download_->segment_space(link, segment);
  if (manifest_ != nullptr) return manifest_->segment_space(link, segment);
  return {};
}

void Sources::on_segment(links::Link& link, const proto::Segment& segment) {
  if (download_ != nullptr)
    download_->on_segment(link, segment);
  else if (manifest_ != nullptr)
    manifest_->on_segment(link, segment);
}

void Sources::on_sent_chunks(links::Link& link, const proto::Bitmap& sent) {
  if (download_ != nullptr) download_->source_sent(link, proto::ChunkSet::from(sent.bits, chunks_));
}

void Sources::on_failed(links::Link& link, const proto::Failed& failed) {
  if (!offers_.contains(&link)) return on_gone(link); // its answer to want
  if (download_ != nullptr)
    download_->on_failed(link, failed);
  else if (manifest_ != nullptr)
    manifest_->on_failed(link, failed);
}

} // namespace p2pd::download
