// What a transfer does in its phases, up to the last chunk.
#include "daemon/transfer/transfer.hpp"

#include "daemon/base/log.hpp"
#include "daemon/library/selection.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace p2pd::transfer {

void Transfer::find_manifest() {
  sources_.serve(&manifest_fetch_);
  sources_.locate();
}

void Transfer::on_manifest(library::OpenContent content) {
  if (row_.over() || content_.manifest != nullptr) return;
  if (content.manifest == nullptr)
    return end(TransferState::failed,
               {proto::ExitCode::failed,
                disk::in_quotes(row_.request.name) + " has a malformed manifest",
                "whoever made it has to publish it again, with p2pd"});
  if (row_.told_size != 0 && row_.told_size != content.manifest->size)
    return end(
        TransferState::failed,
        {proto::ExitCode::failed,
         fmt::format("{} was told of as one of {} bytes, and its manifest has {}",
                     disk::in_quotes(row_.request.name), row_.told_size, content.manifest->size),
         "see who publishes it (p2pctl files); fetch it by its whole id, " +
             to_text(row_.request.content) + ", if that is what you want"});
  take_manifest(std::move(content));
  deps_.state.change(Durable::no,
                     [content = row_.request.content, bytes = content_.manifest_bytes](
                         state::StateStore& store) { store.put_manifest(content, *bytes); });
  apply(Event::manifest);
}

void Transfer::take_manifest(library::OpenContent content) {
  content_ = {std::move(content.manifest), std::move(content.manifest_bytes), nullptr};
  row_.size = content_.manifest->size;
  sources_.serve(nullptr, 0);
}

void Transfer::prepare() {
  job_ = io::run(
      deps_.loop,
      [folders = deps_.destinations, manifest = content_.manifest, to = destination(),
       stop = stop_.get_token()] { return transfer::prepare(*folders, to, manifest, stop); },
      [this](Prepared prepared) { on_prepared(std::move(prepared)); });
}

// Perhaps there is nothing to be prepared any more.
void Transfer::on_slot() {
  apply(Event::slot);
  if (progress_.phase != Phase::preparing) slot_.give_back();
}

void Transfer::on_prepared(Prepared prepared) {
  if (prepared.store == nullptr) slot_.give_back();
  if (cancelled()) {
    store_ = std::move(prepared.store);
    return apply(Event::prepared);
  }
  if (prepared.fault && progress_.intent == Intent::hold)
    return apply(Event::fault); // it shows when people let it go on
  if (prepared.fault) return on_unprepared(*prepared.fault);
  begun_ = true;
  told_.clear();
  row_.path = prepared.path;
  system_ = prepared.system;
  wanted_ = std::move(prepared.wanted);
  have_ = std::move(prepared.have);
  if (prepared.existing != nullptr) {
    row_.already = true;
    row_.done_bytes = row_.size;
    if (content_.store == nullptr) {
      content_.store = prepared.existing;
      offer();
    }
    apply(Event::found);
    return complete(prepared.existing->layout(), prepared.existing->identities());
  }
  store_ = std::move(prepared.store);
  offered_ = library::whole_chunks(store_->layout());
  row_.size = library::bytes_of(*content_.manifest, wanted_);
  row_.done_bytes = counted_bytes_ = library::bytes_of(*content_.manifest, have_);
  syncer_ = std::make_unique<download::Syncer>(
      deps_.loop, deps_.state, deps_.limits, row_.request.id, store_, have_,
      [this](ChunkIndex chunk) { return download_ != nullptr && download_->is_lacked(chunk); },
      [this](const disk::Outcome& failed) { on_sync_failed(failed.fault()); });
  if (prepared.mark) syncer_->record(*prepared.mark);
  if (content_.store == nullptr) offer();
  apply(Event::prepared);
}

// In the library, as a source: partial, or whole where everything was there.
void Transfer::offer() {
  library::Item* item = deps_.library.find(row_.request.content);
  const bool is_new = item == nullptr;
  auto content = std::make_shared<library::OpenContent>(content_);
  proto::ChunkSet have = have_;
  if (store_ != nullptr) {
    content->store = store_;
    have = have.intersection(offered_);
  }
  if (is_new) {
    library::Item fresh = library::item_of(row_.request.content, content, have);
    fresh.names.emplace(row_.request.name, false);
    item = &deps_.library.add(std::move(fresh));
  }
  deps_.library.place(*item, row_.path);
  item->only = row_.request.only;
  item->system = system_;
  item->written = store_ != nullptr || was_finishing_;
  item->attributes = attributes();
  item->content = std::move(content);
  item->fetching = store_ != nullptr;
  if (is_new)
    deps_.trackers.announce(*item, [](std::size_t) {});
  else
    deps_.library.lost(*item, std::move(have));
  deps_.links.answer_early(row_.request.content);
}

// What this node has of the content tells as well: it may copy that, or repair it.
std::optional<disk::Attributes> Transfer::attributes() const {
  if (sources_.attributes()) return sources_.attributes();
  const library::Item* const item = deps_.library.find(row_.request.content);
  return item == nullptr ? std::nullopt : item->attributes;
}

void Transfer::fetch() {
  const proto::ChunkSet missing = wanted_.minus(have_);
  if (missing.empty()) return on_complete();
  if (content_.store != nullptr) {
    copy_ = std::make_unique<download::LocalCopy>(deps_.loop, deps_.buffers, content_.manifest,
                                                  content_.store, store_, missing,
                                                  deps_.links.self(), *this);
    return copy_->copy_next();
  }
  download_ = std::make_unique<download::Download>(
      deps_.loop, deps_.buffers, row_.request.content, content_.manifest, store_, missing,
      row_.request.in_order ? swarm::Order::in_order : swarm::Order::rarest_first,
      swarm::Buckets{deps_.limits.down.bucket, deps_.limits.between_down.bucket}, deps_.links,
      sources_, *this);
  sources_.serve(download_.get(), content_.manifest->chunks());
  sources_.locate();
}

void Transfer::stop_fetching() {
  sources_.serve(nullptr, 0);
  if (download_ != nullptr) {
    download_->stop();
    graveyard_.add(std::move(download_));
  }
  if (copy_ != nullptr) {
    copy_->stop();
    graveyard_.add(std::move(copy_));
  }
  row_.rate = 0;
}

void Transfer::on_chunk(ChunkIndex chunk, const proto::PeerId& from) {
  const std::uint32_t length = content_.manifest->length(chunk);
  have_.add(chunk);
  faults_ = 0;
  row_.done_bytes += length;
  if (from != deps_.links.self()) ++deps_.tally.chunks_fetched;
  auto share = std::ranges::find(row_.shares, from, &SourceShare::id);
  if (share == row_.shares.end()) {
    const links::Link* const link = deps_.links.find(from);
    row_.shares.push_back({from, link == nullptr ? "" : link->session().hello().name, 0});
    share = std::prev(row_.shares.end());
  }
  share->bytes += length;
  syncer_->written(chunk, length);
  if (content_.store != nullptr || !offered_.has(chunk)) return; // the library has it, or a part
  if (library::Item* const item = deps_.library.find(row_.request.content))
    deps_.library.gained(*item, chunk);
}

void Transfer::on_forged(const proto::PeerId& from, ChunkIndex chunk) {
  const links::Link* const link = deps_.links.find(from);
  base::log::warn("transfers", fields(), "chunk {} of {} came with a wrong hash from {} ({})",
                  number(chunk), row_.request.name,
                  link == nullptr ? "" : link->session().hello().name, to_text(from));
  ++deps_.tally.chunks_forged;
  deps_.links.strike(from);
}

} // namespace p2pd::transfer
