// status and peers: what this node is, and whom it is linked with.
#pragma once

#include "proto/commands/words.hpp"

namespace p2pd::proto::table {

inline constexpr std::array lag_fields{
    Field{.name = "p50", .type = number, .unit = Unit::milliseconds, .meaning = "the median"},
    Field{.name = "p99", .type = number, .unit = Unit::milliseconds, .meaning = "99th percentile"},
    Field{
        .name = "p999", .type = number, .unit = Unit::milliseconds, .meaning = "99.9th percentile"},
    Field{.name = "max", .type = number, .unit = Unit::milliseconds, .meaning = "the longest"}};
inline constexpr Record lag{lag_fields};

inline constexpr std::array refused_fields{
    Field{.name = "connections",
          .type = integer,
          .meaning = "connections beyond [limits] connections, or beyond the process's file "
                     "descriptors: not accepted, or one that has said no hello was closed for it"},
    Field{.name = "crowd",
          .type = integer,
          .meaning = "connections without a hello beyond 1,024: the oldest was closed"},
    Field{.name = "address",
          .type = integer,
          .meaning = "connections without a hello beyond 256 from one address: the oldest was "
                     "closed"},
    Field{.name = "late",
          .type = integer,
          .meaning = "handshake and hello were not done within 5 seconds"},
    Field{.name = "too_long", .type = integer, .meaning = "more was sent than a handshake has"},
    Field{.name = "stranger", .type = integer, .meaning = "what was sent does not fit the secret"},
    Field{.name = "replay", .type = integer, .meaning = "a first message that was sent before"},
    Field{.name = "record",
          .type = integer,
          .meaning = "of a member: a record was forged, truncated or out of order; its link was "
                     "closed"},
    Field{.name = "message",
          .type = integer,
          .meaning = "of a member: a message was not as p2p-protocol(7) has it; its link was "
                     "closed"},
    Field{.name = "rate",
          .type = integer,
          .meaning = "of a member: more messages than one link may send, see Limits in "
                     "p2p-protocol(7); its link was not read for a moment, or closed after a "
                     "minute of that"},
    Field{.name = "unread",
          .type = integer,
          .meaning = "of a member: over 4 MiB of answers were waiting for it, so its link was not "
                     "read further; or over 64 MiB, and it was closed"},
    Field{.name = "requests",
          .type = integer,
          .meaning = "of a member: requests beyond 1,024 that wait on one link, answered with "
                     "\"busy\"; or more dial-backs than p2p-protocol(7) allows, ignored by a "
                     "tracker"},
    Field{.name = "identity",
          .type = integer,
          .meaning = "of a member: another machine is connected with the same identity, see "
                     "p2pd(8); it was turned away"},
    Field{.name = "unfinished",
          .type = integer,
          .meaning = "of a member: messages that had begun to arrive took over 64 MiB on all links "
                     "together; one link was closed"}};
inline constexpr Record refused{refused_fields};

inline constexpr std::array<std::string_view, 3> tracker_states{"connected", "connecting",
                                                                "refused"};
inline constexpr std::array tracker_fields{
    Field{.name = "address", .type = address, .meaning = "the tracker's address"},
    Field{.name = "id", .type = peer_id, .null = "it is not known yet", .meaning = "its id"},
    Field{.name = "state", .type = word, .words = tracker_states, .meaning = "of the link"},
    Field{.name = "error", .null = "nothing is wrong", .meaning = "why it is not connected"}};
inline constexpr Record tracker{tracker_fields};

inline constexpr std::array trouble_fields{
    Field{.name = "path", .meaning = "what it is about: a path, or a content's name"},
    Field{.name = "error", .meaning = "why"}};
inline constexpr Record trouble{trouble_fields};

inline constexpr std::array totals_fields{
    Field{.name = "up_bytes", .type = integer, .unit = Unit::bytes, .meaning = "sent"},
    Field{.name = "down_bytes", .type = integer, .unit = Unit::bytes, .meaning = "received"}};
inline constexpr Record totals{totals_fields};

inline constexpr std::array status_fields{
    Field{.name = "role", .type = word, .words = roles, .meaning = "of this node"},
    Field{.name = "name", .meaning = "its name"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "version", .meaning = "of p2pd"},
    Field{.name = "uptime_s",
          .type = integer,
          .unit = Unit::seconds,
          .meaning = "since the daemon was started"},
    Field{.name = "listen", .type = address, .list = true, .meaning = "where it listens"},
    Field{.name = "addresses",
          .type = address,
          .list = true,
          .meaning = "where other machines can dial it"},
    Field{
        .name = "unreachable", .null = "they can", .meaning = "why other machines cannot dial it"},
    Field{.name = "state_dir", .meaning = "the path of its state folder"},
    Field{.name = "member", .type = boolean, .meaning = "whether it has a network secret"},
    Field{.name = "connections",
          .type = integer,
          .meaning = "links, handshakes and attempts to connect, at the moment"},
    Field{.name = "connections_limit", .type = integer, .meaning = "how many there may be"},
    Field{.name = "contents",
          .type = integer,
          .meaning = "how many it offers; of a tracker, how many are in its catalog"},
    Field{.name = "open_files",
          .type = integer,
          .only = "of a peer",
          .meaning = "files of contents that are open"},
    Field{.name = "manifest_bytes",
          .type = integer,
          .unit = Unit::bytes,
          .only = "of a peer",
          .meaning = "memory that manifests take"},
    Field{.name = "peers",
          .type = integer,
          .only = "of a tracker",
          .meaning = "how many are registered"},
    Field{
        .name = "bans", .type = integer, .only = "of a tracker", .meaning = "how many are banned"},
    Field{.name = "share", .list = true, .only = "of a peer", .meaning = "its share folders"},
    Field{.name = "troubles",
          .type = object,
          .list = true,
          .record = &trouble,
          .only = "of a peer",
          .meaning = "what cannot be read or examined for now, which is tried again; and up to 20 "
                     "contents that a tracker does not list"},
    Field{.name = "trackers",
          .type = object,
          .list = true,
          .record = &tracker,
          .meaning = "those it registers with; a tracker has none"},
    Field{.name = "totals",
          .type = object,
          .record = &totals,
          .meaning = "of contents, since the start"},
    Field{.name = "loop_lag_ms",
          .type = object,
          .record = &lag,
          .meaning = "how long the daemon's event loop was busy at a stretch, over all its turns "
                     "since the start"},
    Field{.name = "refused",
          .type = object,
          .record = &refused,
          .meaning = "how much was refused since the start, by cause: connections before the other "
                     "side has proved that it knows the secret and said hello, and what members "
                     "did"}};
inline constexpr Record status_result{status_fields};
inline constexpr std::array status_examples{
    Example{"p2pctl status", "is it a member, and are its trackers there"},
    Example{"p2pctl -i tracker status", "the same of the instance p2pd@tracker"}};

inline constexpr std::array link_fields{
    Field{.name = "name", .meaning = "the node's name"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "address",
          .type = address,
          .meaning = "where it can be dialled, or else where it is seen"},
    Field{.name = "role", .type = word, .words = roles, .meaning = "what it is"},
    Field{.name = "rtt_ms",
          .type = number,
          .unit = Unit::milliseconds,
          .null = "it is not measured yet",
          .meaning = "round-trip time"},
    Field{.name = "up_bytes",
          .type = integer,
          .unit = Unit::bytes,
          .meaning = "of contents, sent to it since it connected"},
    Field{.name = "down_bytes",
          .type = integer,
          .unit = Unit::bytes,
          .meaning = "of contents, received from it since it connected"},
    Field{.name = "connected_since", .type = time, .meaning = "when it connected"},
    Field{.name = "version", .meaning = "of its p2pd"}};
inline constexpr Record link{link_fields};
inline constexpr std::array distrusted_fields{
    Field{.name = "name", .meaning = "the peer's name"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "for_s",
          .type = integer,
          .unit = Unit::seconds,
          .meaning = "until it is asked again"}};
inline constexpr Record distrusted{distrusted_fields};
inline constexpr std::array peers_fields{
    Field{.name = "peers",
          .type = object,
          .list = true,
          .record = &link,
          .meaning = "who is connected; on a tracker, who is registered"},
    Field{.name = "distrusted",
          .type = object,
          .list = true,
          .record = &distrusted,
          .only = "of a peer",
          .meaning = "who sent wrong bytes"}};
inline constexpr Record peers_result{peers_fields};
inline constexpr std::array peers_examples{
    Example{"p2pctl peers", "who is there, and how far away"}};

inline constexpr std::array node_commands{
    Command{.name = "status",
            .runs = on_both,
            .summary = "what this node is and does",
            .examples = status_examples,
            .access = Access::read,
            .result = &status_result},
    Command{.name = "peers",
            .runs = on_both,
            .summary = "who is connected; on a tracker, who is registered",
            .examples = peers_examples,
            .access = Access::read,
            .result = &peers_result}};

} // namespace p2pd::proto::table
