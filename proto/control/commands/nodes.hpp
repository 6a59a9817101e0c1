// status and peers: what this node is, and whom it is linked with.
#pragma once

#include "proto/control/commands/tuning.hpp"

namespace p2pd::proto::table {

inline constexpr std::array lag_fields{
    Field{.name = "p50", .type = number, .unit = Unit::milliseconds, .meaning = "median"},
    Field{.name = "p99", .type = number, .unit = Unit::milliseconds, .meaning = "99th percentile"},
    Field{
        .name = "p999", .type = number, .unit = Unit::milliseconds, .meaning = "99.9th percentile"},
    Field{.name = "max", .type = number, .unit = Unit::milliseconds, .meaning = "maximum"}};
inline constexpr Record lag{lag_fields};

inline constexpr std::array refused_fields{
    Field{.name = "connections",
          .type = integer,
          .meaning =
              "connections beyond [limits] connections or the limit on file descriptors: the new "
              "connection was not accepted, or one without a hello was closed in its favour"},
    Field{.name = "crowd",
          .type = integer,
          .meaning = "connections without a hello beyond 1,024: the oldest was closed"},
    Field{.name = "address",
          .type = integer,
          .meaning =
              "connections without a hello beyond 256 from one address: the oldest was closed"},
    Field{.name = "late",
          .type = integer,
          .meaning = "handshake and hello not completed within 5 seconds"},
    Field{.name = "too_long", .type = integer, .meaning = "more data than a handshake has"},
    Field{.name = "stranger",
          .type = integer,
          .meaning = "data that does not match the network secret"},
    Field{.name = "replay", .type = integer, .meaning = "replayed first message"},
    Field{.name = "record",
          .type = integer,
          .meaning = "forged, truncated or reordered record of a member: its link was closed"},
    Field{.name = "message",
          .type = integer,
          .meaning = "message of a member that violates p2p-protocol(7): its link was closed"},
    Field{.name = "rate",
          .type = integer,
          .meaning = "more messages of a member than one link may send, see Limits in "
                     "p2p-protocol(7): reading from its link was paused for a moment, or after a "
                     "minute of that the link was closed"},
    Field{.name = "unread",
          .type = integer,
          .meaning = "over 4 MiB of answers waiting for a member: reading from its link was "
                     "paused; over 64 MiB: the link was closed"},
    Field{.name = "requests",
          .type = integer,
          .meaning =
              "requests of a member beyond 1,024 that wait on one link: answered with \"busy\"; or "
              "more dial-backs than p2p-protocol(7) allows: ignored by the tracker"},
    Field{.name = "identity",
          .type = integer,
          .meaning = "member rejected because another machine is connected with the same identity; "
                     "see p2pd(8)"},
    Field{.name = "unfinished",
          .type = integer,
          .meaning = "incomplete messages of members over 64 MiB on all links together: one link "
                     "was closed"}};
inline constexpr Record refused{refused_fields};

inline constexpr std::array<std::string_view, 3> tracker_states{"connected", "connecting",
                                                                "refused"};
inline constexpr std::array tracker_fields{
    Field{.name = "address", .type = address, .meaning = "the tracker's address"},
    Field{.name = "id", .type = peer_id, .null = "it is not known yet", .meaning = "its id"},
    Field{.name = "state", .type = word, .words = tracker_states, .meaning = "state of the link"},
    Field{.name = "error", .null = "nothing is wrong", .meaning = "why it is not connected"}};
inline constexpr Record tracker{tracker_fields};

inline constexpr std::array trouble_fields{
    Field{.name = "path", .meaning = "affected path, or name of the content"},
    Field{.name = "error", .meaning = "cause"}};
inline constexpr Record trouble{trouble_fields};

inline constexpr std::array totals_fields{
    Field{.name = "up_bytes", .type = integer, .unit = Unit::bytes, .meaning = "payload sent"},
    Field{
        .name = "down_bytes", .type = integer, .unit = Unit::bytes, .meaning = "payload received"}};
inline constexpr Record totals{totals_fields};

inline constexpr std::array status_fields{
    Field{.name = "role", .type = word, .words = roles, .meaning = "role of this node"},
    Field{.name = "name", .meaning = "its name"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "version", .meaning = "version of p2pd"},
    Field{.name = "uptime_s",
          .type = integer,
          .unit = Unit::seconds,
          .meaning = "time since the daemon started"},
    Field{.name = "listen", .type = address, .list = true, .meaning = "addresses it listens on"},
    Field{.name = "addresses",
          .type = address,
          .list = true,
          .meaning = "addresses that other machines can connect to"},
    Field{.name = "unreachable",
          .null = "they can",
          .meaning = "why other machines cannot connect to it"},
    Field{.name = "state_dir", .meaning = "its state folder"},
    Field{.name = "member", .type = boolean, .meaning = "whether it has a network secret"},
    Field{.name = "connections",
          .type = integer,
          .meaning = "current links, handshakes and connection attempts"},
    Field{.name = "connections_limit", .type = integer, .meaning = "their maximum"},
    Field{.name = "contents",
          .type = integer,
          .meaning = "number of contents offered; on a tracker, in the catalog"},
    Field{.name = "open_files",
          .type = integer,
          .only = "on a peer",
          .meaning = "number of open files of contents"},
    Field{.name = "manifest_bytes",
          .type = integer,
          .unit = Unit::bytes,
          .only = "on a peer",
          .meaning = "memory used by manifests"},
    Field{.name = "peers",
          .type = integer,
          .only = "on a tracker",
          .meaning = "number of registered peers"},
    Field{.name = "bans",
          .type = integer,
          .only = "on a tracker",
          .meaning = "number of banned peers"},
    Field{.name = "share", .list = true, .only = "on a peer", .meaning = "its share folders"},
    Field{.name = "limits",
          .type = object,
          .record = &limits,
          .only = "on a peer",
          .meaning = "rate limits in force"},
    Field{.name = "troubles",
          .type = object,
          .list = true,
          .record = &trouble,
          .only = "on a peer",
          .meaning = "paths that cannot be read or examined at the moment and are retried, and up "
                     "to 20 contents that a tracker does not list"},
    Field{.name = "trackers",
          .type = object,
          .list = true,
          .record = &tracker,
          .meaning = "trackers it registers with; empty on a tracker"},
    Field{
        .name = "totals", .type = object, .record = &totals, .meaning = "payload since the start"},
    Field{.name = "loop_lag_ms",
          .type = object,
          .record = &lag,
          .meaning = "duration of event loop turns since the start"},
    Field{.name = "refused",
          .type = object,
          .record = &refused,
          .meaning = "refusals since the start, by cause: of connections before the other side "
                     "proved that it knows the secret and sent its hello, and of members"}};
inline constexpr Record status_result{status_fields};
inline constexpr std::array status_examples{
    Example{"p2pctl status", "is it a member, and are its trackers connected"},
    Example{"p2pctl -i tracker status", "the same for the instance p2pd@tracker"}};

inline constexpr std::array link_fields{
    Field{.name = "name", .meaning = "the node's name"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "address",
          .type = address,
          .meaning = "address for connections to it, or else the address it connected from"},
    Field{.name = "role", .type = word, .words = roles, .meaning = "role of the node"},
    Field{.name = "rtt_ms",
          .type = number,
          .unit = Unit::milliseconds,
          .null = "it has not been measured yet",
          .meaning = "round-trip time"},
    Field{.name = "up_bytes",
          .type = integer,
          .unit = Unit::bytes,
          .meaning = "payload sent to it since it connected"},
    Field{.name = "down_bytes",
          .type = integer,
          .unit = Unit::bytes,
          .meaning = "payload received from it since it connected"},
    Field{.name = "connected_since", .type = time, .meaning = "time of its connection"},
    Field{.name = "version", .meaning = "version of its p2pd"}};
inline constexpr Record link{link_fields};
inline constexpr std::array distrusted_fields{
    Field{.name = "name", .meaning = "the peer's name"},
    Field{.name = "id", .type = peer_id, .meaning = "its id"},
    Field{.name = "for_s",
          .type = integer,
          .unit = Unit::seconds,
          .meaning = "time until it is asked again"}};
inline constexpr Record distrusted{distrusted_fields};
inline constexpr std::array peers_fields{
    Field{.name = "peers",
          .type = object,
          .list = true,
          .record = &link,
          .meaning = "connected nodes; on a tracker, registered peers"},
    Field{.name = "distrusted",
          .type = object,
          .list = true,
          .record = &distrusted,
          .only = "on a peer",
          .meaning = "peers that sent wrong data"}};
inline constexpr Record peers_result{peers_fields};
inline constexpr std::array peers_examples{
    Example{"p2pctl peers", "who is connected, with round-trip times"}};

inline constexpr std::array node_commands{
    Command{.name = "status",
            .runs = on_both,
            .summary = "show the state of this node",
            .examples = status_examples,
            .access = Access::read,
            .result = &status_result},
    Command{.name = "peers",
            .runs = on_both,
            .summary = "list connected nodes; on a tracker, registered peers",
            .examples = peers_examples,
            .access = Access::read,
            .result = &peers_result}};

} // namespace p2pd::proto::table
