"""The small organisation that most stories play in, and its nodes as scopes of access rules."""

from dataclasses import dataclass


@dataclass
class Organisation:
    """One cluster; Research with two projects and Sales with one."""

    cluster: dict
    research: dict
    vision: dict
    speech: dict
    sales: dict
    pricing: dict

    @property
    def in_cluster(self):
        return ("cluster", self.cluster["uuid"])

    @property
    def in_research(self):
        return ("department", self.research["id"])

    @property
    def in_sales(self):
        return ("department", self.sales["id"])

    @property
    def in_vision(self):
        return ("project", self.vision["id"])

    @property
    def in_pricing(self):
        return ("project", self.pricing["id"])
