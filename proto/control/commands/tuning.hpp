// verify, limit and delay: what this peer has on disk, and how fast it sends and receives.
#pragma once

#include "proto/control/commands/words.hpp"

namespace p2pd::proto::table {

inline constexpr std::array verified_fields = joined(
    content_fields, chunk_fields,
    std::array{Field{.name = "bad_chunks",
                     .type = integer,
                     .meaning = "number of damaged chunks: 0, because otherwise the command fails"},
               Field{.name = "path", .meaning = "path of the content"}});
inline constexpr Record verified{verified_fields};
inline constexpr std::array<std::string_view, 1> verify_stages{"verify"};
inline constexpr std::array verifying_fields =
    joined(std::array{Field{
               .name = "stage", .type = word, .words = verify_stages, .meaning = "current stage"}},
           progress_fields);
inline constexpr Record verifying{verifying_fields};
inline constexpr std::array verify_examples{
    Example{"p2pctl verify debian.iso", "read all of it and compare it with its hashes"}};

inline constexpr std::array limit_options{
    Parameter{.name = "up", .kind = Kind::rate, .help = "maximum upload rate; 0 = no limit"},
    Parameter{.name = "down", .kind = Kind::rate, .help = "maximum download rate; 0 = no limit"},
    Parameter{.name = "between-sites",
              .kind = Kind::rate,
              .help = "maximum rate, each way, of peers of other sites; 0 = no limit"}};
inline constexpr std::array limits_fields{
    Field{.name = "up",
          .type = integer,
          .unit = Unit::bytes_per_second,
          .meaning = "maximum upload rate; 0 = no limit"},
    Field{.name = "down",
          .type = integer,
          .unit = Unit::bytes_per_second,
          .meaning = "maximum download rate; 0 = no limit"},
    Field{.name = "between_sites",
          .type = integer,
          .unit = Unit::bytes_per_second,
          .meaning = "maximum rate, each way, of all peers of "
                     "other sites together; 0 = no limit"},
    Field{.name = "schedule",
          .null = "no line of [limits] schedule applies",
          .meaning = "line of [limits] schedule that applies"},
    Field{.name = "until",
          .type = integer,
          .unit = Unit::seconds,
          .null = "nothing is scheduled",
          .meaning = "time since 1970 at which another line "
                     "or none will apply"}};
inline constexpr Record limits{limits_fields};
inline constexpr std::array limit_examples{
    Example{"p2pctl limit", "show the limits in force"},
    Example{"p2pctl limit --up 5MB/s --down 0", "limit only uploads"},
    Example{"p2pctl limit --between-sites 2MB/s", "spare the line to other sites"}};

inline constexpr std::array delay_arguments{Parameter{.name = "delay",
                                                      .kind = Kind::duration,
                                                      .help = "a time such as 300ms; 0 = none",
                                                      .required = true}};
inline constexpr std::array delayed_fields{Field{.name = "delay_ms",
                                                 .type = integer,
                                                 .unit = Unit::milliseconds,
                                                 .meaning = "delay of answers to requests"}};
inline constexpr Record delayed{delayed_fields};
inline constexpr std::array delay_examples{
    Example{"p2pctl delay 300ms", "watch other peers prefer other sources"}};

inline constexpr std::array tuning_commands{
    Command{.name = "verify",
            .runs = on_peer,
            .summary = "read contents from disk again and check their hashes",
            .arguments = several_contents,
            .examples = verify_examples,
            .result = &verified,
            .event = &verifying,
            .together = "files"},
    Command{.name = "limit",
            .runs = on_peer,
            .summary = "show or set the rate limits of the moment",
            .options = limit_options,
            .examples = limit_examples,
            .result = &limits},
    Command{.name = "delay",
            .runs = on_peer,
            .summary = "delay answers to chunk requests, for experiments",
            .arguments = delay_arguments,
            .examples = delay_examples,
            .result = &delayed}};

} // namespace p2pd::proto::table
