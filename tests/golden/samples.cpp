#include "tests/golden/samples.hpp"

namespace p2pd::golden {

using namespace proto;

namespace {

// 32 bytes that count up from `first`.
template <class Id32>
Id32 id(std::uint8_t first) {
  Id32 out;
  for (std::uint8_t& byte : out.bytes) byte = first++;
  return out;
}

const ContentId content = id<ContentId>(0xc0);
const PeerId peer = id<PeerId>(0x10);
const PeerId other_peer = id<PeerId>(0x50);
constexpr RequestId request{0x01020304};
const Name name{"debian-12.iso"};
const Name no_utf8{"caf\xe9"};
const std::string cursor("page\0two", 8);
constexpr std::uint64_t size = 5'000'000'000;
constexpr std::uint32_t chunk_size = 512 * 1024;

const PeerInfo build_07{peer, "build-07", "attic", {"192.0.2.7:7440", "[2001:db8::7]:7440"}};
const PeerInfo nas{other_peer, "nas", "", {"nas.example:7441"}};
const Publisher publisher{peer, "build-07", "192.0.2.7:7440"};
const CatalogEntry entry{content, name, size, chunk_size, 3, 2, 21, {publisher}};

} // namespace

template <>
Hello sample() {
  return {1,
          5,
          Role::tracker,
          "build-07",
          "attic",
          "p2pd/0.1.0",
          7440,
          build_07.addresses,
          0x1122334455667788};
}
template <>
Ping sample() {
  return {0x0102030405060708};
}
template <>
Pong sample() {
  return {0x0102030405060708};
}
template <>
Goodbye sample() {
  return {Reason::duplicate, "another link to this node stays"};
}
template <>
Done sample() {
  return {request};
}
template <>
Failed sample() {
  return {request, Reason::not_found, "no such content"};
}
template <>
Discover sample() {
  return {request, peer, cursor};
}
template <>
Shared sample() {
  return {request,
          build_07,
          {{content, name, "images/debian-12.iso", size, chunk_size},
           {content, no_utf8, "", 0, min_chunk_size}},
          cursor};
}

template <>
Register sample() {
  return {request};
}
template <>
Registered sample() {
  return {request, "192.0.2.7:40000", 30};
}
template <>
Leave sample() {
  return {request};
}
template <>
Publish sample() {
  return {request, content, name, 11 * chunk_size - 1, chunk_size, true, false, {{0xff, 0x20}}};
}
template <>
Unpublish sample() {
  return {request, content};
}
template <>
ListFiles sample() {
  return {request, "debian-*\xff", cursor};
}
template <>
Listing sample() {
  return {request, {entry, {content, no_utf8, 1, min_chunk_size, 1, 0, 0, {}}}, cursor};
}
template <>
Resolve sample() {
  return {request, "debian-12.iso"};
}
template <>
Resolved sample() {
  return {request, {entry}, {build_07, nas}};
}
template <>
Locate sample() {
  return {request, content};
}
template <>
Located sample() {
  return {request, {{build_07, true}, {nas, false}}};
}
template <>
HaveBatch sample() {
  return {{{content, {ChunkIndex{0}, ChunkIndex{9'536}, ChunkIndex{max_chunks - 1}}},
           {id<ContentId>(0x80), {ChunkIndex{200}}}}};
}
template <>
Chunks sample() {
  return {request, content, cursor};
}
template <>
ChunkMap sample() {
  return {request,
          2,
          {{peer, "build-07", true, {}}, {other_peer, "nas", false, {{0x80, 0x20}}}},
          cursor};
}
template <>
Reconcile sample() {
  return {request, {id<Digest>(0xd0), id<Digest>(0xe0)}};
}
template <>
Reconciled sample() {
  return {request, {0, 200}};
}
template <>
RelayPing sample() {
  return {request, other_peer};
}
template <>
Relayed sample() {
  return {request, true, 1'250};
}
template <>
Unreachable sample() {
  return {other_peer};
}
template <>
DialBack sample() {
  return {nas};
}
template <>
Follow sample() {
  return {0x3f};
}
template <>
Notice sample() {
  return {NoticeKind::fetched, nas, {entry}};
}
template <>
Ban sample() {
  return {false, {peer}, {other_peer}};
}

template <>
Want sample() {
  return {request, content};
}
template <>
Unwant sample() {
  return {content};
}
template <>
Bitfield sample() {
  return {content, {{0xff, 0x20}}};
}
template <>
HaveAll sample() {
  return {content};
}
template <>
Have sample() {
  return {content, {ChunkIndex{1}, ChunkIndex{300}, ChunkIndex{70'000}}};
}
template <>
Gone sample() {
  return {content};
}
template <>
Request sample() {
  return {request, content, ChunkIndex{9'536}};
}
template <>
Cancel sample() {
  return {request};
}
template <>
Segment sample() {
  return {request, 0x60000, max_segment};
}
template <>
ManifestRequest sample() {
  return {request, content};
}
template <>
ManifestSize sample() {
  return {request, 305'152};
}
template <>
PeerExchange sample() {
  return {content, {build_07, nas}};
}
template <>
FileAttributes sample() {
  return {content, true, 1'500'000'000'123'456'789};
}
template <>
RequestFirst sample() {
  return {request, content, ChunkIndex{9'536}};
}
template <>
SentChunks sample() {
  return {content, {{0xff, 0x20}}};
}

namespace {

template <class... M>
std::vector<Message> one_of_each(std::variant<M...>*) {
  return {sample<M>()...};
}

} // namespace

std::vector<Message> messages() {
  return one_of_each(static_cast<Message*>(nullptr));
}

ControlRequest control_request() {
  return {7, "publish", {{"path", "/srv/images/debian-12.iso"}, {"chunk-size", 1'048'576U}}};
}

ControlReply control_reply(ReplyKind kind) {
  switch (kind) {
  case ReplyKind::ok:
    return {7, kind, {{"id", to_text(content)}, {"name", Value::name(no_utf8.bytes)}}};
  case ReplyKind::error:
    return {7, kind,
            ControlError{ExitCode::not_found, "publish: \"x\": no such file", "check the path"}
                .value()};
  case ReplyKind::event:
    return {7,
            kind,
            {{"done_bytes", 3U},
             {"rate", 0.5},
             {"skew", -2},
             {"peers", Value::Array{}},
             {"last", true},
             {"error", Value()}}};
  }
  return {};
}

// The eleven bytes "hello world".
Manifest single_file() {
  Manifest manifest{11, usual_chunk_size, {}, std::vector<Digest>(1)};
  from_hex("7a81893126253c3f1696ab5c0db97e438d3208e2b5d0a95ba2a1b9265758f4c2",
           manifest.hashes[0].bytes);
  return manifest;
}

// Entries of each kind, in an order that plain byte order would get wrong.
Manifest tree() {
  return {40'000,
          32'768,
          {{Entry::Kind::folder, "a", 0, 1'700'000'000'000'000'000, ""},
           {Entry::Kind::file, "a/b", 30'000, 1'700'000'000'123'456'789, ""},
           {Entry::Kind::executable, "a.b", 10'000, -1, ""},
           {Entry::Kind::file, "caf\xe9", 0, 0, ""},
           {Entry::Kind::symlink, "link", 0, 0, "a/b"}},
          {id<Digest>(0x20), id<Digest>(0x60)}};
}

} // namespace p2pd::golden
