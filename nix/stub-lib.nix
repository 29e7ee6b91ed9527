# As much of nixpkgs' lib as the module uses, for machines without nixpkgs.
let
  type = name: { inherit name; };
in
rec {
  filterAttrs = keep: set: builtins.listToAttrs (builtins.concatMap
    (name: if keep name set.${name} then [ { inherit name; value = set.${name}; } ] else [ ])
    (builtins.attrNames set));
  optionalString = condition: text: if condition then text else "";
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOption = option: { _type = "option"; } // option;
  mkEnableOption = description: mkOption { default = false; type = types.bool; inherit description; };
  literalExpression = text: { _type = "literalExpression"; inherit text; };
  types = {
    nullOr = of: { name = "nullOr"; inherit of; };
    enum = values: { name = "enum"; inherit values; };
    str = type "str";
    bool = type "bool";
    path = type "path";
    package = type "package";
    ints.unsigned = type "unsigned";
  };
}
