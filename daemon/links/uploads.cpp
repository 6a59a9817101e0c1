#include "daemon/links/uploads.hpp"

#include "daemon/base/log.hpp"
#include "daemon/io/interfaces.hpp"
#include "daemon/net/bulk_image.hpp"

#include <algorithm>
#include <array>
#include <sys/uio.h>

namespace p2pd::links {

namespace {

constexpr std::uint32_t manifest_part = 512 * 1024;
// Without a byte taken. Whoever cannot write what comes cancels it and goes on reading.
constexpr io::Clock::duration longest_idle = std::chrono::seconds(60);

} // namespace

Uploads::Uploads(io::Loop& loop, disk::BufferPool& buffers, library::Openings& openings,
                 Limits& limits, UploadSlots& slots, net::Session& session,
                 UploadsListener& listener)
    : loop_(loop)
    , buffers_(buffers)
    , openings_(openings)
    , limits_(limits)
    , slots_(slots)
    , session_(session)
    , listener_(listener)
    , allowed_(loop, io::bind<&Uploads::pump>(this))
    , local_(io::on_own_network(session.remote())) {
  if (!local_) session_.use_default_control();
  taker_ = slots_.enter(*this, session_.remote().host());
  bound_queue();
}

void Uploads::serve_chunk(const proto::Request& request, swarm::Copy copy,
                          const library::OpenContent& content,
                          std::shared_ptr<swarm::Copies> copies) {
  Part part;
  part.request = request.request;
  part.content = request.content;
  part.length = content.manifest->length(request.chunk);
  part.at = content.manifest->offset(request.chunk);
  part.store = content.store;
  enqueue(std::move(part), {.due = io::Clock::now() + limits_.delay,
                            .chunk = request.chunk,
                            .copies = std::move(copies),
                            .wanted = copy});
}

void Uploads::serve_manifest(const proto::ManifestRequest& request,
                             std::shared_ptr<const proto::Bytes> bytes) {
  static_assert(small_manifest <= manifest_part);
  Part part;
  part.request = request.request;
  part.length = static_cast<std::uint32_t>(bytes->size());
  part.bytes = std::move(bytes);
  session_.send(proto::ManifestSize{request.request, part.length});
  enqueue(std::move(part), {.copies = {}});
}

void Uploads::serve_manifest(const proto::ManifestRequest& request, std::size_t bytes) {
  const auto size = static_cast<std::uint32_t>(bytes);
  session_.send(proto::ManifestSize{request.request, size});
  for (std::uint32_t offset = 0; offset < size; offset += manifest_part) {
    Part part;
    part.request = request.request;
    part.content = request.content;
    part.offset = offset;
    part.length = std::min(manifest_part, size - offset);
    if (!enqueue(std::move(part), {.copies = {}})) return;
  }
}

bool Uploads::enqueue(Part part, swarm::Server::Request request) {
  request.ticket = next_ticket_;
  request.length = part.length;
  switch (slots_.server().ask(taker_, std::move(request))) {
  case swarm::Server::Answer::too_many:
    refuse(part.request);
    return false;
  case swarm::Server::Answer::elsewhere:
    listener_.on_elsewhere(part.content, part.request);
    return false;
  case swarm::Server::Answer::waits:
    break;
  }
  waiting_.emplace(next_ticket_++, std::move(part));
  pump();
  return true;
}

void Uploads::drop(std::uint64_t ticket) {
  const Part part = std::move(waiting_.extract(ticket).mapped());
  listener_.on_elsewhere(part.content, part.request);
}

void Uploads::refuse(proto::RequestId request) {
  session_.refused(net::Refusal::requests);
  session_.send(proto::Failed{request, proto::Reason::busy, "too many requests wait already"});
}

void Uploads::cancel(proto::RequestId request) {
  bool ended =
      std::erase_if(waiting_, [&](const auto& waiting) {
        return waiting.second.request == request && slots_.server().cancel(taker_, waiting.first);
      }) > 0;
  for (Image& image : images_) {
    if (image.part.request != request) continue;
    ended = ended || !image.cancelled;
    image.cancelled = true;
  }
  if (ended) session_.send(proto::Failed{request, proto::Reason::refused, "it was cancelled"});
  pump();
}

void Uploads::stop() {
  stopped_ = true;
  allowed_.stop();
  waiting_.clear();
  images_.clear(); // jobs that run finish by themselves, with their own hold on the buffer
  slots_.leave(*this);
  slots_.turn();
}

proto::Reason reason_of(const disk::Fault& fault) {
  return fault.meaning() == disk::Meaning::exhausted ? proto::Reason::busy
                                                     : proto::Reason::internal;
}

void Uploads::pump() {
  if (stopped_) return;
  send_segments();
  slots_.turn();
}

// What is queued here is what the kernel, and so the other side, does not take.
void Uploads::look(io::Time now) {
  if (stopped_) return;
  swarm::Server& server = slots_.server();
  const swarm::Pace before = server.pace(taker_);
  const std::uint64_t queued = session_.queued();
  server.look(taker_, now, sent_ - std::min(sent_, queued), queued > 0);
  bound_queue();
  if (server.pace(taker_) != swarm::Pace::stuck) return;
  if (before != swarm::Pace::stuck)
    base::log::info("uploads", {{"peer", to_text(session_.id())}},
                    "{} hardly takes what it asks for; all others are served before it",
                    session_.hello().name);
  put_back();
  if (server.idle(taker_, now) >= longest_idle)
    session_.close(proto::Reason::refused, "it took nothing of what it had asked for");
}

// Half as much again in the kernel, which is the other queue in front of the link.
void Uploads::bound_queue() {
  const std::uint32_t bytes = slots_.server().queue(taker_);
  if (std::exchange(bound_, bytes) != bytes) session_.bound_unsent(bytes / 2);
}

// The memory of what it is not sent yet.
void Uploads::put_back() {
  while (images_.size() > 1 && images_.back().ready && !images_.back().cancelled) {
    Image image = std::move(images_.back());
    images_.pop_back();
    slots_.server().put_back(taker_, image.ticket, io::Clock::now());
    waiting_.emplace(image.ticket, std::move(image.part));
  }
}

bool Uploads::read(const swarm::Server::Turn& turn) {
  auto buffer = buffers_.take(disk::Direction::upload, net::bulk_image_size(turn.length));
  if (buffer == nullptr) return false;
  Image& image = images_.emplace_back();
  image.ticket = turn.ticket;
  image.part = std::move(waiting_.extract(turn.ticket).mapped());
  image.buffer = std::move(buffer);
  slots_.begin(turn, session_.payload_sent(), session_.payload_received());
  if (image.part.store == nullptr && image.part.bytes == nullptr) {
    read_manifest(image);
    return true;
  }
  image.job = io::run(
      loop_,
      [part = image.part, bytes = image.buffer->bytes(), buffer = image.buffer] {
        return fill(part, bytes);
      },
      [this, &image](const disk::Outcome& outcome) { on_read(image, outcome); });
  return true;
}

// Pool thread.
disk::Outcome Uploads::fill(const Part& part, proto::MutableView image) {
  std::array<iovec, proto::max_chunk_size / net::bulk_payload> payloads;
  std::size_t count = 0;
  std::size_t copied = 0;
  net::each_payload(image, part.length, [&](proto::MutableView payload) {
    if (part.bytes != nullptr)
      std::copy_n(part.bytes->data() + copied, payload.size(), payload.data());
    payloads[count++] = {payload.data(), payload.size()};
    copied += payload.size();
  });
  if (part.bytes != nullptr) return {};
  return part.store->read(part.at, std::span(payloads).first(count));
}

void Uploads::read_manifest(Image& image) {
  std::vector<proto::MutableView> payloads;
  net::each_payload(image.buffer->bytes(), image.part.length,
                    [&](proto::MutableView payload) { payloads.push_back(payload); });
  openings_.read_manifest(image.part.content, image.part.offset, std::move(payloads), image.buffer,
                          alive_.guard([&image](Uploads& self, const disk::Outcome& outcome) {
                            if (!self.stopped_) self.on_read(image, outcome);
                          }));
}

void Uploads::on_read(Image& image, const disk::Outcome& outcome) {
  image.ready = true;
  if (!outcome) {
    base::log::warn("uploads", "a chunk cannot be read: {}", outcome.fault().message);
    session_.send(
        proto::Failed{image.part.request, reason_of(outcome.fault()), "it cannot be read here"});
    image.cancelled = true;
    listener_.on_unreadable(image.part.content, outcome.fault());
  }
  pump();
}

void Uploads::send_segments() {
  while (!images_.empty() && images_.front().ready &&
         session_.queued() < slots_.server().queue(taker_)) {
    Image& image = images_.front();
    if (!image.cancelled && !send_segment(image)) return;
    if (image.cancelled || image.sent == image.part.length) end_image();
  }
}

void Uploads::end_image() {
  const Image& image = images_.front();
  slots_.server().end(taker_, image.ticket, !image.cancelled, io::Clock::now());
  if (image.part.store != nullptr && !image.cancelled) slots_.sent_chunk();
  images_.pop_front();
}

template <class Use>
void Uploads::each_limit(Use&& use) {
  if (!exempt()) use(limits_.up.bucket);
  if (listener_.far()) use(limits_.between_up.bucket);
}

bool Uploads::may_send(std::uint32_t bytes) {
  const io::Time now = io::Clock::now();
  swarm::Duration wait{};
  each_limit([&](const swarm::Bucket& bucket) { wait = std::max(wait, bucket.wait(now)); });
  if (wait > swarm::Duration::zero()) {
    allowed_.once(io::ceil_milliseconds(wait));
    return false;
  }
  each_limit([&](swarm::Bucket& bucket) { bucket.take(bytes, now); });
  return true;
}

// False: a limit says to wait.
bool Uploads::send_segment(Image& image) {
  // A segment is a whole number of slots, but for the last, so each begins where the one before
  // ended.
  const auto most = static_cast<std::uint32_t>(slots_.server().queue(taker_) / net::bulk_payload *
                                               net::bulk_payload);
  const proto::Segment segment{
      image.part.request, image.part.offset + image.sent,
      std::min({most, proto::max_segment, image.part.length - image.sent})};
  if (!may_send(segment.length)) return false;
  static_assert(proto::max_segment % net::bulk_payload == 0);
  static_assert(swarm::Server::least_queued >= net::bulk_payload);
  const std::size_t start = image.sent / net::bulk_payload * net::bulk_slot;
  session_.send_segment(segment, image.buffer->bytes().subspan(start), image.buffer);
  image.sent += segment.length;
  sent_ += segment.length;
  return true;
}

} // namespace p2pd::links
