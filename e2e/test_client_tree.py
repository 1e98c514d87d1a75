"""The Python client's calls about clusters, departments and projects."""

from uuid import uuid4

from runai import models

from client import AWKWARD_NAMES, UNKNOWN_NUMBER, refused, refused_by_name
from transport import through_every_transport
from versions import DepartmentInList, read_as, since

pytestmark = through_every_transport


def test_clusters(automation):
    created = automation.clusters.create_cluster(models.ClusterCreationRequest(name="gpu-east"))
    assert created.status_code == 201
    cluster = created.data
    models.DisplayedCluster.model_validate(cluster)
    for answer in [automation.clusters.get_clusters(), automation.clusters.get_clusters(verbosity="metadata")]:
        assert [it["uuid"] for it in answer.data] == [cluster["uuid"]]
        models.DisplayedCluster.model_validate(answer.data[0])
    found = automation.clusters.get_cluster_by_uuid(cluster["uuid"], verbosity="full").data
    assert (found["uuid"], found["name"]) == (cluster["uuid"], "gpu-east")
    renamed = models.ClusterUpdateRequest(name="gpu-north")
    assert automation.clusters.update_cluster(cluster["uuid"], renamed).status_code == 204
    assert automation.clusters.get_cluster_by_uuid(cluster["uuid"]).data["name"] == "gpu-north"
    with refused(404):
        automation.clusters.update_cluster(str(uuid4()), renamed)
    # It is empty but for its default department, which goes with it.
    assert automation.clusters.delete_cluster(cluster["uuid"]).status_code in (202, 204)
    with refused(404):
        automation.clusters.get_cluster_by_uuid(cluster["uuid"])
    with refused(404):
        automation.clusters.get_cluster_by_uuid(str(uuid4()))
    assert automation.clusters.get_clusters().data == []


def test_departments(automation):
    cluster = automation.create_cluster("gpu-east")
    created = automation.departments.create_department(
        models.DepartmentCreationRequest(name="R&D, vision @ lab?", clusterId=cluster["uuid"], resources=[])
    )
    assert created.status_code == 201
    department = created.data
    read_as(DepartmentInList, department)
    assert department["name"] == "R&D, vision @ lab?"
    assert automation.departments.get_department(department["id"]).data["clusterId"] == cluster["uuid"]

    listed = automation.departments.get_departments(filter_by=["name==R&D, vision @ lab?"]).data
    models.GetDepartments200Response.model_validate(listed)
    assert [it["id"] for it in listed["departments"]] == [department["id"]]
    assert automation.departments.get_departments(filter_by=["name==R&D"]).data["departments"] == []

    changed = automation.departments.update_department(department["id"], models.DepartmentUpdateRequest(resources=[]))
    assert changed.status_code == 200
    read_as(DepartmentInList, changed.data)
    assert changed.data["name"] == "R&D, vision @ lab?"
    assert automation.departments.get_department(department["id"]).data == changed.data
    with refused(404):
        automation.departments.update_department(str(UNKNOWN_NUMBER), models.DepartmentUpdateRequest(resources=[]))

    with refused(409) as refusal:
        automation.create_department("R&D, vision @ lab?", cluster)
    assert "already exists" in refusal.value.data["message"]
    assert automation.departments.delete_department(department["id"]).status_code == 204
    with refused(404):
        automation.departments.get_department(department["id"])
    with refused(404):
        automation.departments.delete_department(str(UNKNOWN_NUMBER))


def test_projects(automation):
    cluster = automation.create_cluster("gpu-east")
    research = automation.create_department("research", cluster)
    created = automation.projects.create_project(
        models.ProjectCreationRequest(name="vision", clusterId=cluster["uuid"], parentId=research["id"], resources=[])
    )
    assert created.status_code == 201
    project = created.data
    shape = {"id", "name", "description", "clusterId", "parentId", "createdAt", "updatedAt", "totalResources"}
    shape |= {"resources", "enforceRunaiScheduler", "effective", "status"}
    assert set(project) >= shape
    models.ProjectStatus.model_validate(project["status"])
    assert isinstance(project["id"], str)
    found = automation.projects.get_project(project["id"]).data
    assert (found["name"], found["parentId"], found["clusterId"]) == ("vision", research["id"], cluster["uuid"])

    changed = automation.projects.update_project(project["id"], models.ProjectUpdateRequest(resources=[]))
    assert changed.status_code == 200
    assert changed.data["name"] == "vision"
    assert set(changed.data) >= shape
    assert automation.projects.get_project(project["id"]).data == changed.data
    with refused(404):
        automation.projects.update_project(str(UNKNOWN_NUMBER), models.ProjectUpdateRequest(resources=[]))

    with refused(409) as refusal:
        automation.create_project("vision", research)
    assert "already exists" in refusal.value.data["message"]
    assert automation.projects.delete_project(project["id"]).status_code == 204
    with refused(404):
        automation.projects.get_project(project["id"])
    # Numbers are never given twice.
    assert automation.create_project("vision", research)["id"] != project["id"]


def test_a_project_without_a_department_goes_to_the_default_one(automation):
    cluster = automation.create_cluster("gpu-east")
    project = automation.projects.create_project(
        models.ProjectCreationRequest(name="loose", clusterId=cluster["uuid"], resources=[])
    ).data
    parent = automation.departments.get_department(project["parentId"]).data
    assert parent["clusterId"] == cluster["uuid"]


def test_projects_are_filtered_ordered_searched_and_paged(automation, organisation):
    projects = automation.projects

    def listed(**parameters):
        return [project["name"] for project in projects.get_projects(**parameters).data["projects"]]

    assert listed(sort_by="name") == ["pricing", "speech", "vision"]
    assert listed(sort_by="name", sort_order="desc") == ["vision", "speech", "pricing"]
    assert listed(filter_by=["name=@i"], sort_by="name") == ["pricing", "vision"]
    assert listed(filter_by=[f"parentId=={organisation.research['id']}", "name!=vision"]) == ["speech"]

    first = projects.get_projects(sort_by="name", limit=2).data
    assert [project["name"] for project in first["projects"]] == ["pricing", "speech"]
    last = projects.get_projects(sort_by="name", limit=2, offset=first["next"]).data
    assert [project["name"] for project in last["projects"]] == ["vision"]
    assert "next" not in last

    refused_by_name("shoeSize", lambda: projects.get_projects(filter_by=["shoeSize==42"]))
    refused_by_name("sortBy", lambda: projects.get_projects(sort_by="shoeSize"))
    refused_by_name("limit", lambda: projects.get_projects(limit=501))
    refused_by_name("limit", lambda: automation.departments.get_departments(limit=0))


def test_names_that_hold_what_urls_and_filters_are_made_of(automation, organisation):
    for name in AWKWARD_NAMES:
        project = automation.create_project(name, automation.create_department(name, organisation.cluster))
        assert project["name"] == name

    def departments(**parameters):
        return [it["name"] for it in automation.departments.get_departments(**parameters).data["departments"]]

    def projects(**parameters):
        return [it["name"] for it in automation.projects.get_projects(**parameters).data["projects"]]

    for name in AWKWARD_NAMES:
        for listed in [departments, projects]:
            assert listed(filter_by=[f"name=={name}"]) == [name]
            assert listed(filter_by=[f"clusterId=={organisation.cluster['uuid']}", f"name=@{name[1:]}"]) == [name]
            assert listed(filter_by=[f"name=^{name}", "name=@x-no-such"]) == []


@since("1.224.0")
def test_projects_and_departments_are_counted_and_searched(automation, organisation):
    projects, departments = automation.projects, automation.departments
    assert projects.count_projects().data == {"count": 3}
    assert projects.count_projects(filter_by=["name=@i"]).data == {"count": 2}
    assert projects.count_projects(search="SPEE").data == {"count": 1}
    assert [it["name"] for it in projects.get_projects(search="SPEE").data["projects"]] == ["speech"]
    # With the default one.
    assert departments.count_departments().data == {"count": 3}
    assert departments.count_departments(filter_by=["name==sales"]).data == {"count": 1}
    for name in AWKWARD_NAMES:
        automation.create_project(name, organisation.research)
    for name in AWKWARD_NAMES:
        assert [it["name"] for it in projects.get_projects(search=name).data["projects"]] == [name]
        assert projects.count_projects(filter_by=[f"name=={name}"]).data == {"count": 1}


@since("1.224.0")
def test_what_the_calls_about_the_tree_have_learnt_since(automation, organisation):
    """Parameters and shapes that came later."""
    (cluster,) = automation.clusters.get_clusters(verbosity="metadata", include_requested_for_delete=False).data
    assert cluster["uuid"] == organisation.cluster["uuid"]
    listed = automation.departments.get_departments(filter_by=["name==research"], verbosity="brief").data
    assert [it["id"] for it in listed["departments"]] == [organisation.research["id"]]
    models.ProjectEffective.model_validate(organisation.vision["effective"])
    described = models.DepartmentCreationRequest(
        name="optics", clusterId=organisation.cluster["uuid"], description="it sees", resources=[]
    )
    optics = automation.departments.create_department(described).data
    assert optics["description"] == "it sees"
    elsewhere = automation.create_cluster("gpu-west")
    assert automation.clusters.delete_cluster(elsewhere["uuid"], force=True).status_code in (202, 204)
    with refused(409):
        automation.clusters.delete_cluster(organisation.cluster["uuid"], force=True)

    def describe_department(**change):
        request = models.DepartmentUpdateRequest(resources=[], **change)
        return automation.departments.update_department(optics["id"], request).data["description"]

    def describe_project(**change):
        request = models.ProjectUpdateRequest(resources=[], **change)
        return automation.projects.update_project(organisation.vision["id"], request).data["description"]

    for describe in [describe_department, describe_project]:
        assert describe(description="it hears") == "it hears"
        # What is left out stays.
        assert describe() == "it hears"


def test_a_name_or_a_parent_that_makes_no_sense_is_refused(automation, organisation):
    with refused(400):
        automation.create_cluster("")
    for name in ["", "a/b", "line\nbreak", "x" * 256]:
        with refused(400):
            automation.create_department(name, organisation.cluster)
        with refused(400):
            automation.create_project(name, organisation.research)
    with refused(400, 404):
        automation.create_department("lost", {"uuid": str(uuid4())})
    with refused(400, 404):
        automation.create_project("lost", {"clusterId": organisation.cluster["uuid"], "id": str(UNKNOWN_NUMBER)})
    # A department of one cluster is no parent in another.
    other = automation.create_cluster("gpu-west")
    with refused(400, 404):
        automation.create_project("lost", {"clusterId": other["uuid"], "id": organisation.research["id"]})
    assert automation.names_of_projects() == ["pricing", "speech", "vision"]
